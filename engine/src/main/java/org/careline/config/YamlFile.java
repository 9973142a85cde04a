package org.careline.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads YAML into values that know their lines. Only plain data is accepted: no tags, no anchors
 * and aliases, no key twice. All failures are {@link ConfigurationException} with file and line.
 */
public final class YamlFile {
  private static final int MAX_CODE_POINTS = 4 * 1024 * 1024;

  private YamlFile() {}

  /** A file without content is an empty mapping. */
  public static YamlValue.Mapping read(Path file) {
    String name = file.toString();
    try {
      return parse(name, decode(name, Files.readAllBytes(file)));
    } catch (NoSuchFileException missing) {
      throw new ConfigurationException(name, 0, "no such file");
    } catch (IOException unreadable) {
      throw new ConfigurationException(name, 0, "cannot be read: " + unreadable.getMessage());
    }
  }

  /** Strict UTF-8; a byte order mark is allowed. */
  public static String decode(String name, byte[] bytes) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException notUtf8) {
      throw new ConfigurationException(name, 0, "is not UTF-8");
    }
  }

  public static YamlValue.Mapping parse(String name, String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(name).setCodePointLimit(MAX_CODE_POINTS).build();
    try {
      Node root = new Compose(settings).composeString(text).orElse(null);
      if (root == null || isNull(root)) {
        return new YamlValue.Mapping(name, 1, Map.of());
      }
      if (translate(name, root) instanceof YamlValue.Mapping mapping) {
        return mapping;
      }
      throw new ConfigurationException(name, line(root), "expects keys with values");
    } catch (MarkedYamlEngineException broken) {
      int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw new ConfigurationException(name, line, "is not YAML: " + broken.getProblem());
    } catch (YamlEngineException broken) {
      throw new ConfigurationException(name, 0, "is not YAML: " + broken.getMessage());
    }
  }

  private static YamlValue translate(String file, Node node) {
    int line = line(node);
    if (node.getAnchor().isPresent()) {
      throw new ConfigurationException(file, line, "anchors (&name) are not supported");
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(file, line, scalar);
      case SequenceNode sequence -> {
        List<YamlValue> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(translate(file, item));
        }
        yield new YamlValue.Sequence(file, line, List.copyOf(items));
      }
      case MappingNode mapping -> mapping(file, line, mapping);
      default -> throw new ConfigurationException(file, line, "is not plain data");
    };
  }

  private static YamlValue scalar(String file, int line, ScalarNode scalar) {
    String tag = scalar.getTag().getValue();
    if (!tag.startsWith(Tag.PREFIX)) {
      throw new ConfigurationException(file, line, "tags (" + tag + ") are not supported");
    }
    return new YamlValue.Scalar(
        file, line, isNull(scalar) ? "" : scalar.getValue(), scalar.isPlain(), isNull(scalar));
  }

  private static YamlValue mapping(String file, int line, MappingNode mapping) {
    Map<String, YamlValue.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int keyLine = line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new ConfigurationException(file, keyLine, "a key must be a word");
      }
      YamlValue value = translate(file, tuple.getValueNode());
      if (entries.putIfAbsent(key.getValue(), new YamlValue.Entry(keyLine, value)) != null) {
        throw new ConfigurationException(file, keyLine, "the key " + key.getValue() + " is twice");
      }
    }
    return new YamlValue.Mapping(file, line, entries);
  }

  private static boolean isNull(Node node) {
    return Tag.NULL.equals(node.getTag());
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }
}
