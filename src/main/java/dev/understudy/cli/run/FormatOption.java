package dev.understudy.cli.run;

import dev.understudy.cli.console.Format;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --format} of a command that prints text or JSON. */
public final class FormatOption {
    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            converter = Converter.class,
            description = "How the result is printed: ${DEFAULT-VALUE} by default. With json, standard output carries"
                    + " JSON alone.")
    private Format format = Format.TEXT;

    public Format format() {
        return format;
    }

    public boolean isJson() {
        return format == Format.JSON;
    }

    /** HTML is for reports only. */
    static final class Converter implements picocli.CommandLine.ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value) {
                case "text" -> Format.TEXT;
                case "json" -> Format.JSON;
                default -> throw new TypeConversionException("expected text or json but was \"" + value + "\"");
            };
        }
    }
}
