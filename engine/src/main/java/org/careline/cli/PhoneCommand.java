package org.careline.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.careline.customer.NumberReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Prints one line per number: the input, the number in international form or {@code invalid:
 * reason}, the kind (empty when invalid), separated by tabs. Exit code 1 when one is invalid.
 */
@Command(name = "phone")
final class PhoneCommand implements Callable<Integer> {
  @Option(names = "--area-code", paramLabel = "0xx", defaultValue = "")
  private String areaCode;

  @Parameters(arity = "1..*", paramLabel = "NUMBER", descriptionKey = "number")
  private List<String> numbers;

  @Override
  public Integer call() {
    if (!areaCode.matches("(0[0-9]{2,3})?")) {
      throw new CommandFailed(Messages.text("phone.area", printable(areaCode)));
    }
    boolean allValid = true;
    for (String number : numbers) {
      String answer =
          switch (NumberReader.read(number, areaCode)) {
            case NumberReader.Valid valid -> valid.number() + "\t" + valid.number().kind().key();
            case NumberReader.Invalid invalid ->
                "invalid: " + invalid.reason().in(Locale.getDefault()) + "\t";
          };
      allValid &= !answer.startsWith("invalid");
      System.out.println(printable(number) + "\t" + answer);
    }
    return allValid ? 0 : 1;
  }

  /** One number stays one line and one column, and cannot steer the terminal. */
  private static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              if (Character.isISOControl(c)
                  || type == Character.FORMAT
                  || type == Character.LINE_SEPARATOR
                  || type == Character.PARAGRAPH_SEPARATOR) {
                shown.append(String.format("\\u%04X", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }
}
