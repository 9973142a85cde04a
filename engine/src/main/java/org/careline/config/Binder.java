package org.careline.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.careline.language.Refusal;
import org.careline.language.Sentence;

/**
 * Makes a record of a YAML mapping: each component is a key of the same name and must be present.
 * Collects every problem before it gives up. Confined to one thread.
 */
public final class Binder {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(KB|MB|GB)");

  private final Path base;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * @param base paths in the file are relative to this folder
   */
  public Binder(Path base) {
    this.base = base;
  }

  /**
   * Binds a whole file.
   *
   * @throws ConfigurationException with everything that is wrong in it
   */
  public <T extends Record> T bind(YamlValue.Mapping mapping, Class<T> type) {
    return bind(mapping, type, "");
  }

  /**
   * Binds a part of a file.
   *
   * @param path of the part, with a dot at its end; empty = the whole
   * @throws ConfigurationException with everything that is wrong in it
   */
  public <T extends Record> T bind(YamlValue.Mapping mapping, Class<T> type, String path) {
    T bound = record(mapping, type, path);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return bound;
  }

  private <T extends Record> T record(YamlValue.Mapping mapping, Class<T> type, String path) {
    int before = problems.size();
    RecordComponent[] components = type.getRecordComponents();
    List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              if (!known.contains(key)) {
                add(entry.value().file(), entry.line(), unknown(path, key, known));
              }
            });
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = components[i].getName();
      YamlValue.Entry entry = mapping.entries().get(key);
      if (entry == null
          && type.isAnnotationPresent(OneValue.class)
          && components[i].getType() == Optional.class) {
        values[i] = Optional.empty();
      } else if (entry == null) {
        add(mapping.file(), mapping.line(), Sentence.of("configuration.missing", path + key));
      } else {
        values[i] = value(entry.value(), components[i].getGenericType(), path + key);
        check(entry.value(), components[i], values[i], path + key);
      }
    }
    if (problems.size() > before) {
      return null;
    }
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException refused) {
      add(mapping.file(), mapping.line(), reason(refused.getCause()));
      return null;
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("cannot build " + type, impossible);
    }
  }

  private static Sentence reason(Throwable refused) {
    return refused instanceof Refusal refusal
        ? refusal.reason()
        : Sentence.plain(String.valueOf(refused.getMessage()));
  }

  private static Sentence unknown(String path, String key, List<String> known) {
    return Nearest.of(key, known)
        .map(near -> Sentence.of("configuration.unknown", path + key, path + near))
        .orElseGet(() -> Sentence.of("configuration.unknown-far", path + key, Nearest.list(known)));
  }

  private void check(YamlValue at, RecordComponent component, Object value, String path) {
    Within within = component.getAnnotation(Within.class);
    if (within != null
        && value instanceof Integer number
        && (number < within.min() || number > within.max())) {
      add(at, Sentence.of("configuration.range", path, within.min(), within.max(), number));
    }
  }

  private Object value(YamlValue at, Type type, String path) {
    if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      return list(at, generic.getActualTypeArguments()[0], path);
    }
    if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
      return optional(at, generic.getActualTypeArguments()[0], path);
    }
    if (type instanceof Class<?> plain
        && plain.isRecord()
        && plain != Secret.class
        && plain != DataSize.class) {
      if (at instanceof YamlValue.Mapping mapping) {
        return record(mapping, plain.asSubclass(Record.class), path + ".");
      }
      if (at instanceof YamlValue.Scalar && plain.isAnnotationPresent(OneValue.class)) {
        String first = plain.getRecordComponents()[0].getName();
        return record(
            new YamlValue.Mapping(
                at.file(), at.line(), Map.of(first, new YamlValue.Entry(at.line(), at))),
            plain.asSubclass(Record.class),
            path + ".");
      }
      return wrong(at, Sentence.of("configuration.section", path));
    }
    if (type == YamlValue.class) {
      return at;
    }
    if (at instanceof YamlValue.Scalar scalar) {
      return scalar(scalar, (Class<?>) type, path);
    }
    return wrong(at, Sentence.of("configuration.one-value", path));
  }

  private Object list(YamlValue at, Type type, String path) {
    if (!(at instanceof YamlValue.Sequence sequence)) {
      return wrong(at, Sentence.of("configuration.list", path));
    }
    List<Object> items = new ArrayList<>();
    for (YamlValue item : sequence.items()) {
      Object bound = value(item, type, path);
      if (bound != null) {
        items.add(bound);
      }
    }
    return List.copyOf(items);
  }

  private Object optional(YamlValue at, Type type, String path) {
    if (at instanceof YamlValue.Scalar scalar && scalar.text().isEmpty()) {
      return Optional.empty();
    }
    return Optional.ofNullable(value(at, type, path));
  }

  private Object scalar(YamlValue.Scalar at, Class<?> type, String path) {
    String text = at.text();
    if (type == String.class) {
      return text;
    }
    if (type == Secret.class) {
      return new Secret(text);
    }
    if (type == int.class) {
      return text.matches("-?[0-9]{1,9}")
          ? Integer.valueOf(text)
          : wrong(at, Sentence.of("configuration.whole-number", path, text));
    }
    if (type == long.class) {
      return text.matches("-?[0-9]{1,19}") && new BigInteger(text).bitLength() < Long.SIZE
          ? Long.valueOf(text)
          : wrong(at, Sentence.of("configuration.whole-number", path, text));
    }
    if (type == boolean.class) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> wrong(at, Sentence.of("configuration.boolean", path, text));
      };
    }
    if (type == double.class) {
      return text.matches("[0-9]{1,9}([.][0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
          ? Double.valueOf(text)
          : wrong(at, Sentence.of("configuration.number", path, text));
    }
    if (type == Duration.class) {
      return duration(at, path);
    }
    if (type == DataSize.class) {
      return size(at, path);
    }
    if (type == ZoneId.class) {
      try {
        return ZoneId.of(text);
      } catch (DateTimeException unknown) {
        return wrong(at, Sentence.of("configuration.zone", path, text));
      }
    }
    if (type == LocalDate.class) {
      try {
        return LocalDate.parse(text);
      } catch (DateTimeException unknown) {
        return wrong(at, Sentence.of("configuration.date", path, text));
      }
    }
    if (type == Path.class) {
      try {
        return base.resolve(text);
      } catch (InvalidPathException broken) {
        return wrong(at, Sentence.of("configuration.path", path));
      }
    }
    if (type.isEnum()) {
      return word(at, type, path);
    }
    throw new IllegalStateException("no rule how to read " + type + " at " + path);
  }

  private Object word(YamlValue.Scalar at, Class<?> type, String path) {
    List<String> words = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      if (constant.toString().equals(at.text())) {
        return constant;
      }
      words.add(constant.toString());
    }
    return wrong(at, Sentence.of("configuration.word", path, String.join(", ", words), at.text()));
  }

  private Object duration(YamlValue.Scalar at, String path) {
    Matcher matcher = DURATION.matcher(at.text());
    if (!matcher.matches()) {
      return wrong(at, Sentence.of("configuration.duration", path, at.text()));
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private Object size(YamlValue.Scalar at, String path) {
    Matcher matcher = SIZE.matcher(at.text());
    if (!matcher.matches()) {
      return wrong(at, Sentence.of("configuration.size", path, at.text()));
    }
    int shift =
        switch (matcher.group(2)) {
          case "KB" -> 10;
          case "MB" -> 20;
          default -> 30;
        };
    return new DataSize(Long.parseLong(matcher.group(1)) << shift);
  }

  private Object wrong(YamlValue at, Sentence reason) {
    add(at, reason);
    return null;
  }

  private void add(YamlValue at, Sentence reason) {
    add(at.file(), at.line(), reason);
  }

  private void add(String file, int line, Sentence reason) {
    problems.add(new Problem(file, line, reason));
  }
}
