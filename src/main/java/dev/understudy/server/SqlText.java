package dev.understudy.server;

import java.util.Set;
import java.util.regex.Pattern;

/** Names and values inside SQL text that is shown to people, or cannot take parameters. */
public final class SqlText {
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

    /** Reserved key words, which quote_ident() quotes. Source: {@code src/include/parser/kwlist.h}. */
    private static final Set<String> RESERVED = Set.of(
            ("all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create"
                            + " current_catalog current_date current_role current_time current_timestamp current_user"
                            + " default deferrable desc distinct do else end except false fetch for foreign from grant"
                            + " group having in initially intersect into lateral leading limit localtime localtimestamp"
                            + " not null offset on only or order placing primary references returning select"
                            + " session_user some symmetric system_user table then to trailing true union unique user"
                            + " using variadic when where window with authorization between bigint binary bit boolean"
                            + " char character coalesce collation concurrently cross current_schema dec decimal exists"
                            + " extract float freeze full greatest grouping ilike inner inout int integer interval is"
                            + " isnull join json_array json_arrayagg json_exists json_object json_objectagg json_query"
                            + " json_scalar json_serialize json_table json_value least left like merge_action"
                            + " national natural nchar none normalize notnull nullif numeric out outer overlaps overlay"
                            + " position precision real right row setof similar smallint substring tablesample time"
                            + " timestamp treat trim values varchar verbose xmlattributes xmlconcat xmlelement"
                            + " xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable")
                    .split(" "));

    private SqlText() {}

    /** A name as quote_ident() writes it. */
    public static String identifier(String name) {
        return PLAIN.matcher(name).matches() && !RESERVED.contains(name)
                ? name
                : "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
