package dev.understudy.doctor.facts;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Saved facts of any kind. LSNs, identifiers and times are strings, what is not known is {@code {"unknown": why}}. */
public final class FactsMapper {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .visibility(PropertyAccessor.GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, Visibility.ANY)
            .addModule(FactsModule.create())
            .build();

    private FactsMapper() {}

    public static String write(Object facts) {
        try {
            return MAPPER.writeValueAsString(facts) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot write facts as JSON", e);
        }
    }

    /**
     * Reads what {@link #write} wrote, by this version of Understudy or another.
     *
     * @param name how messages call the text
     * @param version the version that facts say they are of
     * @param expected the one that can be read
     * @param command what writes such facts
     * @throws UnderstudyException {@link ErrorCode#FACTS_INVALID}
     */
    public static <T> T read(
            Class<T> type, String name, String json, ToIntFunction<T> version, int expected, String command) {
        try {
            T facts = MAPPER.readValue(json, type);
            if (facts == null || version.applyAsInt(facts) != expected) {
                throw invalid(name, "It is not of version " + expected + ".", command, null);
            }
            return facts;
        } catch (JsonProcessingException e) {
            throw invalid(
                    name, e.getOriginalMessage() + " (line " + e.getLocation().getLineNr() + ")", command, e);
        }
    }

    private static UnderstudyException invalid(String name, String detail, String command, @Nullable Throwable cause) {
        UnderstudyException.Builder error = UnderstudyException.of(
                        ErrorCode.FACTS_INVALID, "cannot read the facts in \"%s\"", name)
                .detail("%s", detail)
                .hint("Write them anew with \"understudy %s --collect FILE\" of this version.", command);
        return cause == null ? error.build() : error.cause(cause).build();
    }
}
