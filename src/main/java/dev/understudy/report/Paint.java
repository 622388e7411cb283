package dev.understudy.report;

import dev.understudy.engine.Outcome;

/** Colours for terminals, or none. */
public enum Paint {
    PLAIN,
    COLOURED;

    public String red(String text) {
        return paint("1;31", text);
    }

    public String green(String text) {
        return paint("32", text);
    }

    public String yellow(String text) {
        return paint("33", text);
    }

    public String bold(String text) {
        return paint("1", text);
    }

    public String dim(String text) {
        return paint("2", text);
    }

    public String mark(StepState state) {
        return switch (state) {
            case PENDING -> dim(state.mark());
            case APPLYING, APPLIED -> bold(state.mark());
            case VERIFIED -> green(state.mark());
            case FAILED -> red(state.mark());
            case UNDONE -> yellow(state.mark());
        };
    }

    public String outcome(Outcome outcome, String text) {
        return switch (outcome) {
            case PROVEN, DONE -> paint("1;32", text);
            case RUNNING -> bold(text);
            case REFUSED, UNDONE, INTERRUPTED -> paint("1;33", text);
            case LEFT -> red(text);
        };
    }

    private String paint(String code, String text) {
        return switch (this) {
            case PLAIN -> text;
            case COLOURED -> "\u001B[" + code + "m" + text + "\u001B[0m";
        };
    }
}
