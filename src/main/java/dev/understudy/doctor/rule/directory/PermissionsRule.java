package dev.understudy.doctor.rule.directory;

import dev.understudy.doctor.facts.Facts;
import dev.understudy.doctor.facts.LogEvent;
import dev.understudy.doctor.facts.Permissions;
import dev.understudy.doctor.finding.Finding;
import dev.understudy.doctor.finding.Remedy;
import dev.understudy.doctor.finding.Remedy.Cost;
import dev.understudy.doctor.finding.Sign;
import dev.understudy.doctor.rule.Rule;
import dev.understudy.doctor.rule.View;
import dev.understudy.host.ShellQuote;
import dev.understudy.postgres.ServerMajor;
import java.util.List;
import java.util.Optional;

/** A data directory that its server may not read, or that others may. */
public final class PermissionsRule implements Rule {
    private static final String ID = "data-directory-permissions";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<Finding> examine(Facts facts) {
        Optional<LogEvent> event = View.failedStart(facts, "permissions", "permission-denied");
        Optional<Permissions> found = View.directory(facts)
                .flatMap(directory -> directory.permissions().value());
        boolean group = View.directory(facts)
                .flatMap(directory -> directory.major().value())
                .filter(major -> major.isAtLeast(ServerMajor.V11))
                .isPresent();
        boolean open = found.filter(permissions -> (permissions.mode() & (group ? 0027 : 0077)) != 0)
                .isPresent();
        boolean foreign =
                found.filter(permissions -> !permissions.foreign().isEmpty()).isPresent();
        if (event.isEmpty() && !open && !foreign) {
            return List.of();
        }
        String path = facts.given().dataDirectoryOrWord();
        String owner = found.map(Permissions::owner).orElse("postgres");
        return List.of(Finding.error(ID, "standby")
                .seen(found.map(permissions ->
                        new Sign(path, "mode %04o, owner %s".formatted(permissions.mode(), permissions.owner()))))
                .seen(found.filter(permissions -> foreign)
                        .map(permissions ->
                                new Sign(path, "somebody else owns: " + String.join(", ", permissions.foreign()))))
                .seen(event.map(each -> View.sign(facts, each)))
                .remedy(Remedy.byHand(
                        "correct-permissions",
                        "Give all of it to the server's account, and let nobody else in",
                        "chown -R %s %s && chmod 0700 %s"
                                .formatted(ShellQuote.quote(owner), ShellQuote.quote(path), ShellQuote.quote(path)),
                        Cost.SECONDS))
                .says("The data directory's owner or mode is not what its server needs"));
    }
}
