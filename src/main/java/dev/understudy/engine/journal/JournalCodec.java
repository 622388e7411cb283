package dev.understudy.engine.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.understudy.engine.Outcome;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

/** Journal events as lines of JSON and back. Outcomes are written as printed, times as ISO 8601 in UTC. */
public final class JournalCodec {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .addModule(words())
            .build();

    private JournalCodec() {}

    /** One line, without the line's end. */
    public static String write(JournalEvent event) {
        try {
            return MAPPER.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "cannot write " + event.getClass().getSimpleName() + " as JSON", e);
        }
    }

    /**
     * Reads one line.
     *
     * @throws IOException if it is not the JSON of an event that this version knows
     */
    static JournalEvent read(String line) throws IOException {
        JournalEvent event = MAPPER.readValue(line, JournalEvent.class);
        if (event == null) {
            throw new IOException("not an event");
        }
        return event;
    }

    private static SimpleModule words() {
        SimpleModule module = new SimpleModule();
        module.addSerializer(Instant.class, new InstantWriter());
        module.addDeserializer(Instant.class, new InstantReader());
        module.addSerializer(Outcome.class, new OutcomeWriter());
        module.addDeserializer(Outcome.class, new OutcomeReader());
        return module;
    }

    private static final class InstantWriter extends StdSerializer<Instant> {
        InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(value.toString());
        }
    }

    private static final class InstantReader extends StdDeserializer<Instant> {
        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getValueAsString("");
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new IOException("\"" + text + "\" is not a time", e);
            }
        }
    }

    private static final class OutcomeWriter extends StdSerializer<Outcome> {
        OutcomeWriter() {
            super(Outcome.class);
        }

        @Override
        public void serialize(Outcome value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(value.printed());
        }
    }

    private static final class OutcomeReader extends StdDeserializer<Outcome> {
        OutcomeReader() {
            super(Outcome.class);
        }

        @Override
        public Outcome deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getValueAsString("");
            return Arrays.stream(Outcome.values())
                    .filter(outcome -> outcome.printed().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IOException("\"" + text + "\" is not an outcome"));
        }
    }
}
