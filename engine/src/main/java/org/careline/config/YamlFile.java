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
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.careline.language.Sentence;
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
 * Reads YAML into values that know their lines. Only plain data is accepted: no tags, no key twice,
 * no alias that contains itself, and aliases cannot blow a file up. All failures are {@link
 * ConfigurationException} with file and line.
 */
public final class YamlFile {
  private static final int MAX_CODE_POINTS = 4 * 1024 * 1024;
  private static final int MAX_VALUES = 100_000;

  private YamlFile() {}

  /** A file without content is an empty mapping. */
  public static YamlValue.Mapping read(Path file) {
    String name = file.toString();
    try {
      return parse(name, decode(name, Files.readAllBytes(file)));
    } catch (NoSuchFileException missing) {
      throw new ConfigurationException(name, 0, Sentence.of("configuration.no-file"));
    } catch (IOException unreadable) {
      throw new ConfigurationException(
          name, 0, Sentence.of("configuration.unreadable", unreadable.getMessage()));
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
      throw new ConfigurationException(name, 0, Sentence.of("configuration.encoding"));
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
      if (new Translation(name).of(root) instanceof YamlValue.Mapping mapping) {
        return mapping;
      }
      throw new ConfigurationException(name, line(root), Sentence.of("configuration.no-keys"));
    } catch (MarkedYamlEngineException broken) {
      int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw new ConfigurationException(
          name, line, Sentence.of("configuration.not-yaml", broken.getProblem()));
    } catch (YamlEngineException broken) {
      throw new ConfigurationException(
          name, 0, Sentence.of("configuration.not-yaml", broken.getMessage()));
    }
  }

  /** One file on its way from the library's nodes to ours. */
  private static final class Translation {
    private final String file;
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int values;

    Translation(String file) {
      this.file = file;
    }

    YamlValue of(Node node) {
      int line = line(node);
      values++;
      if (values > MAX_VALUES) {
        throw new ConfigurationException(file, line, Sentence.of("configuration.many", MAX_VALUES));
      }
      if (!open.add(node)) {
        throw new ConfigurationException(file, line, Sentence.of("configuration.alias"));
      }
      YamlValue value =
          switch (node) {
            case ScalarNode scalar -> scalar(line, scalar);
            case SequenceNode sequence -> sequence(line, sequence);
            case MappingNode mapping -> mapping(line, mapping);
            default ->
                throw new ConfigurationException(
                    file, line, Sentence.of("configuration.plain-data"));
          };
      open.remove(node);
      return value;
    }

    private YamlValue scalar(int line, ScalarNode scalar) {
      String tag = scalar.getTag().getValue();
      if (!tag.startsWith(Tag.PREFIX)) {
        throw new ConfigurationException(file, line, Sentence.of("configuration.tags", tag));
      }
      return new YamlValue.Scalar(
          file, line, isNull(scalar) ? "" : scalar.getValue(), scalar.isPlain(), isNull(scalar));
    }

    private YamlValue sequence(int line, SequenceNode sequence) {
      List<YamlValue> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(of(item));
      }
      return new YamlValue.Sequence(file, line, List.copyOf(items));
    }

    private YamlValue mapping(int line, MappingNode mapping) {
      Map<String, YamlValue.Entry> entries = new LinkedHashMap<>();
      for (NodeTuple tuple : mapping.getValue()) {
        int keyLine = line(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
          throw new ConfigurationException(file, keyLine, Sentence.of("configuration.key-word"));
        }
        String name = key.getValue();
        YamlValue.Entry entry = new YamlValue.Entry(keyLine, of(tuple.getValueNode()));
        if (entries.putIfAbsent(name, entry) != null) {
          throw new ConfigurationException(file, keyLine, Sentence.of("configuration.twice", name));
        }
      }
      return new YamlValue.Mapping(file, line, entries);
    }
  }

  private static boolean isNull(Node node) {
    return Tag.NULL.equals(node.getTag());
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }
}
