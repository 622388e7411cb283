package dev.understudy.doctor.facts;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.understudy.error.UnderstudyException;
import dev.understudy.postgres.Known;
import dev.understudy.postgres.Lsn;
import dev.understudy.postgres.Oid;
import dev.understudy.postgres.ServerMajor;
import dev.understudy.postgres.ServerVersion;
import dev.understudy.postgres.SystemIdentifier;
import dev.understudy.postgres.TimelineId;
import dev.understudy.postgres.WalSegmentSize;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How PostgreSQL's words, optional and known values look in JSON. */
final class FactsModule {
    private static final String UNKNOWN = "unknown";
    private static final String VALUE = "value";

    private FactsModule() {}

    static SimpleModule create() {
        SimpleModule module = new SimpleModule();
        word(module, Lsn.class, Lsn::toString, Lsn::parse);
        word(module, SystemIdentifier.class, SystemIdentifier::toString, SystemIdentifier::parse);
        word(module, ServerMajor.class, ServerMajor::toString, ServerMajor::parse);
        word(
                module,
                ServerVersion.class,
                version -> Integer.toString(version.number()),
                text -> new ServerVersion(Integer.parseInt(text)));
        word(module, TimelineId.class, TimelineId::toString, text -> new TimelineId(Integer.parseUnsignedInt(text)));
        word(module, Oid.class, Oid::toString, Oid::parse);
        word(
                module,
                WalSegmentSize.class,
                size -> Integer.toString(size.bytes()),
                text -> new WalSegmentSize(Integer.parseInt(text)));
        word(module, Instant.class, Instant::toString, Instant::parse);
        word(module, Duration.class, Duration::toString, Duration::parse);
        word(
                module,
                OptionalInt.class,
                number -> number.isPresent() ? Integer.toString(number.getAsInt()) : "",
                text -> text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text)));
        word(
                module,
                OptionalLong.class,
                number -> number.isPresent() ? Long.toString(number.getAsLong()) : "",
                text -> text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text)));
        module.addSerializer(new OptionalWriter());
        module.addDeserializer(Optional.class, new OptionalReader(null));
        module.addSerializer(new KnownWriter());
        module.addDeserializer(Known.class, new KnownReader(null));
        return module;
    }

    private static <T> void word(
            SimpleModule module, Class<T> type, Function<T, String> print, Function<String, T> parse) {
        module.addSerializer(type, new WordWriter<>(type, print));
        module.addDeserializer(type, new WordReader<>(type, parse));
    }

    private static final class WordWriter<T> extends StdSerializer<T> {
        private final transient Function<T, String> print;

        WordWriter(Class<T> type, Function<T, String> print) {
            super(type);
            this.print = print;
        }

        @Override
        public void serialize(T value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(print.apply(value));
        }
    }

    private static final class WordReader<T> extends StdDeserializer<T> {
        private final transient Function<String, T> parse;

        WordReader(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getValueAsString("");
            try {
                return parse.apply(text);
            } catch (UnderstudyException | IllegalArgumentException | DateTimeException e) {
                throw context.weirdStringException(text, handledType(), e.getMessage());
            }
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class OptionalWriter extends StdSerializer<Optional> {
        OptionalWriter() {
            super(Optional.class);
        }

        @Override
        public void serialize(Optional value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.orElse(null), generator);
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class KnownWriter extends StdSerializer<Known> {
        KnownWriter() {
            super(Known.class);
        }

        @Override
        public void serialize(Known value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeStartObject();
            Optional<?> known = value.value();
            if (known.isPresent()) {
                provider.defaultSerializeField(VALUE, known.get(), generator);
            } else {
                generator.writeStringField(UNKNOWN, value.reason());
            }
            generator.writeEndObject();
        }
    }

    /** The type inside is known only where the property is. */
    private static final class OptionalReader extends StdDeserializer<Optional<?>> implements ContextualDeserializer {
        private final @Nullable JavaType inner;

        OptionalReader(@Nullable JavaType inner) {
            super(Optional.class);
            this.inner = inner;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            return new OptionalReader(context.getContextualType().containedTypeOrUnknown(0));
        }

        @Override
        public Optional<?> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Optional.of(context.readValue(parser, Objects.requireNonNull(inner)));
        }

        @Override
        public Optional<?> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Optional.empty();
        }
    }

    private static final class KnownReader extends StdDeserializer<Known<?>> implements ContextualDeserializer {
        private static final String ABSENT = "not among the facts";

        private final @Nullable JavaType inner;

        KnownReader(@Nullable JavaType inner) {
            super(Known.class);
            this.inner = inner;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            return new KnownReader(context.getContextualType().containedTypeOrUnknown(0));
        }

        @Override
        public Known<?> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode node = context.readTree(parser);
            JsonNode unknown = node.get(UNKNOWN);
            if (unknown != null) {
                return Known.unknown(unknown.asText());
            }
            JavaType type = Objects.requireNonNull(inner);
            JsonNode value = node.get(VALUE);
            // An optional that is empty is written as null, which a tree reader would not hand to its deserializer.
            if (value == null || value.isNull()) {
                return type.isTypeOrSubTypeOf(Optional.class) ? Known.of(Optional.empty()) : Known.unknown(ABSENT);
            }
            return Known.of(context.readTreeAsValue(value, type));
        }

        @Override
        public Known<?> getNullValue(DeserializationContext context) {
            return Known.unknown(ABSENT);
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Known.unknown(ABSENT);
        }
    }
}
