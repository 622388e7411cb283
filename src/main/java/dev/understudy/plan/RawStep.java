package dev.understudy.plan;

/** A step as the playbook has it. */
record RawStep(StepKind kind, String name, RawCall call) {
    SourcePosition position() {
        return call.position();
    }
}
