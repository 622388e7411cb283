package dev.understudy.cli.promotion;

import dev.understudy.cli.console.Console;
import dev.understudy.cli.console.ExitCode;
import dev.understudy.cli.run.LookOptions;
import dev.understudy.error.ErrorCode;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.open.Hosts;
import dev.understudy.promotion.CheckCatalogue;
import dev.understudy.promotion.Promotion;
import dev.understudy.promotion.Verdict;
import dev.understudy.promotion.facts.PromotionFacts;
import dev.understudy.promotion.gather.PromotionGatherer;
import dev.understudy.promotion.policy.Policy;
import dev.understudy.report.PromotionHtml;
import dev.understudy.report.PromotionJson;
import dev.understudy.report.PromotionNagios;
import dev.understudy.report.PromotionText;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says go or no-go before a promotion, check by check. */
@Command(
        name = "check",
        description = {
            "Says go or no-go before a standby is promoted, check by check, with evidence and what to do.",
            "Go only if no check fails. Changes nothing. Exit code 0 for go, 1 for no-go.",
            "With --nagios one line, and the exit status of a monitoring plugin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."
        },
        footer = {
            "",
            "Examples:",
            "  understudy promotion check --standby 'host=db2 user=postgres' --primary 'host=db1 user=postgres'",
            "  understudy promotion check --standby host=db2 -D /srv/pg/data --host ssh://postgres@db2 --depth full",
            "  understudy promotion check --standby host=db2 --primary host=db1 --format html -o certificate.html"
        })
final class PromotionCheckCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final Candidate candidate = new Candidate();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "A YAML file with thresholds, and checks to leave out.")
    private Optional<Path> policy = Optional.empty();

    @Option(
            names = {"-e", "--set"},
            paramLabel = "NAME=VALUE",
            mapFallbackValue = "",
            description = "Moves a threshold, over the policy; may be repeated.")
    private Map<String, String> thresholds = new LinkedHashMap<>();

    @Option(names = "--nagios", description = "Prints one line with figures, and exits as a monitoring plugin does.")
    private boolean nagios;

    @Mixin
    private final LookOptions look = new LookOptions();

    PromotionCheckCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!nagios) {
            Verdict verdict = verdict();
            show(verdict);
            return verdict.isGo() ? ExitCode.OK.number() : ExitCode.FINDINGS.number();
        }
        try {
            Verdict verdict = verdict();
            look.print(console, PromotionNagios.line(verdict));
            return PromotionNagios.state(verdict).status();
        } catch (UnderstudyException e) {
            // A monitoring system shows the one line only, so that the reason has to be in it.
            look.print(console, PromotionNagios.unknown(e.message()));
            return PromotionNagios.State.UNKNOWN.status();
        }
    }

    private Verdict verdict() {
        Policy asked = policy();
        PromotionFacts facts = look.from()
                .map(file -> PromotionFacts.read(file.toString(), LookOptions.read(file, ErrorCode.VALUE_INVALID)))
                .orElseGet(
                        () -> new PromotionGatherer(Hosts::open, Clock.systemUTC()).gather(candidate.request(asked)));
        look.save(facts.json());
        return Promotion.examine(facts, asked);
    }

    private Policy policy() {
        Policy asked = policy.map(file -> Policy.read(
                        file.toString(), LookOptions.read(file, ErrorCode.VALUE_INVALID), CheckCatalogue.dispensable()))
                .orElseGet(Policy::standard);
        for (Map.Entry<String, String> threshold : thresholds.entrySet()) {
            asked = asked.with(threshold.getKey(), threshold.getValue());
        }
        return asked;
    }

    private void show(Verdict verdict) {
        String text = switch (look.format()) {
            case TEXT -> PromotionText.render(verdict, look.paint(console));
            case JSON -> PromotionJson.pretty(verdict);
            case HTML -> PromotionHtml.render(verdict);
        };
        look.print(console, text);
    }
}
