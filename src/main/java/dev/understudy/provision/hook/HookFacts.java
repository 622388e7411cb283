package dev.understudy.provision.hook;

import dev.understudy.engine.StepContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a step's hooks said, in the run's journal: recorded the moment it is said, so that a clean-up in another process
 * knows it too. Safe for hooks that run at the same time.
 */
public final class HookFacts {
    private static final String VALUE = "hook_";

    private final StepContext context;
    private final String prefix;

    /** @param step the step's name, which the facts' names begin with */
    public HookFacts(StepContext context, String step) {
        this.context = context;
        this.prefix = step.replace('-', '_');
    }

    /** From here on something may be there. */
    void begin() {
        context.record(prefix + "_begun", "true");
        context.record(prefix + "_open", "true");
    }

    /** Whether a hook was begun and the step's goal not met since: it failed, or was left at work by a run that was killed. */
    boolean isOpen() {
        return context.facts().isTrue(prefix + "_open");
    }

    /** Whether a hook was begun whose work has not been taken back since. */
    public boolean hasBegun() {
        return context.facts().isTrue(prefix + "_begun");
    }

    synchronized void add(HookOutput output) {
        Set<String> made = new LinkedHashSet<>(lines(prefix + "_made"));
        output.made().forEach(each -> made.add(each.toString()));
        recordLines(prefix + "_made", made);
        Set<String> devices = new LinkedHashSet<>(lines(prefix + "_devices"));
        devices.addAll(output.devices());
        recordLines(prefix + "_devices", devices);
        output.values().forEach((name, value) -> context.record(VALUE + name, value));
    }

    /** What was made and not taken back, a line each, the first made first. */
    public List<String> made() {
        return lines(prefix + "_made");
    }

    /** Device paths that the hooks named. */
    public List<String> devices() {
        return lines(prefix + "_devices");
    }

    /** All of it is gone. */
    void clear() {
        recordLines(prefix + "_made", List.of());
        recordLines(prefix + "_devices", List.of());
        context.record(prefix + "_begun", "false");
    }

    /** The step's goal is met for this occasion, such as one backup. */
    public void complete(String occasion) {
        context.record(prefix + "_open", "false");
        context.record(prefix + "_done", occasion);
    }

    public boolean isComplete(String occasion) {
        return context.facts().find(prefix + "_done").equals(Optional.of(occasion));
    }

    /** How often a hook of this step was started, for the names of its logs. */
    synchronized int nextNumber() {
        int number =
                context.facts().find(prefix + "_hooks").map(Integer::parseInt).orElse(0) + 1;
        context.record(prefix + "_hooks", Integer.toString(number));
        return number;
    }

    /** The facts of hooks, for the report. */
    public Map<String, Object> published() {
        return Map.of("made", made(), "devices", devices());
    }

    private List<String> lines(String name) {
        return context.facts()
                .find(name)
                .filter(text -> !text.isEmpty())
                .map(text -> List.of(text.split("\n")))
                .orElse(List.of());
    }

    private void recordLines(String name, Iterable<String> lines) {
        List<String> all = new ArrayList<>();
        lines.forEach(all::add);
        String text = String.join("\n", all);
        if (!text.equals(context.facts().find(name).orElse(""))) {
            context.record(name, text);
        }
    }
}
