package dev.understudy.plan;

import java.util.Map;

/**
 * A section or a step with what was given to it.
 *
 * @param position of its name
 * @param values by parameter name
 */
record RawCall(SourcePosition position, Map<String, RawValue> values) {}
