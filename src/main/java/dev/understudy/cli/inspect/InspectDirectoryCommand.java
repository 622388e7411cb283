package dev.understudy.cli.inspect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.error.Category;
import dev.understudy.error.UnderstudyException;
import dev.understudy.host.Host;
import dev.understudy.host.open.Hosts;
import dev.understudy.pgfile.condition.DirectoryCondition;
import dev.understudy.provision.bundle.Bundle;
import dev.understudy.provision.bundle.BundleDirectory;
import dev.understudy.provision.bundle.BundleStatus;
import dev.understudy.provision.seal.Sealing;
import dev.understudy.provision.site.TargetAccount;
import dev.understudy.provision.site.TargetSite;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code inspect directory}: what a data directory is: an unsealed clone, a standby, a primary. */
@Command(
        name = "directory",
        description = {
            "Says what a data directory is: a standby, a primary, a clone that nobody sealed, one that ran as a primary.",
            "With the bundle of its backup also whether it is an untouched clone of that. Ends with 1 if something is"
                    + " wrong with it."
        },
        mixinStandardHelpOptions = true)
final class InspectDirectoryCommand implements Callable<Integer> {
    @Mixin
    private InspectOutput output = new InspectOutput();

    @Parameters(index = "0", paramLabel = "PATH", description = "The data directory.")
    private @Nullable Path path;

    @Option(names = "--bundle", paramLabel = "DIR", description = "The bundle of the backup that it was cloned during.")
    private @Nullable Path bundle;

    /** What a look found. */
    private record Found(String id, String summary, boolean finding) {
        static Found of(DirectoryCondition condition) {
            return new Found(condition.id(), condition.words(), condition.isFinding());
        }
    }

    @Override
    public Integer call() {
        Path directory = Objects.requireNonNull(path).toAbsolutePath().normalize();
        LocalDirectory local = new LocalDirectory(directory);
        DirectoryCondition condition = local.condition();
        Found found = Found.of(condition);
        if (bundle != null && local.control().isPresent()) {
            found = byBundle(BundleDirectory.of(bundle), directory, found);
        }
        print(directory, found);
        return found.finding() ? InspectOutput.FINDINGS : InspectOutput.OK;
    }

    private static Found byBundle(BundleDirectory directory, Path clone, Found otherwise) {
        if (!directory.isComplete()) {
            BundleStatus status = BundleStatus.of(directory);
            return status.condition().isBad()
                    ? new Found(
                            "backup-aborted",
                            "a clone of a backup that was given up is worthless: "
                                    + status.state()
                                            .failure()
                                            .map(why -> why.message())
                                            .orElse(status.condition().words()),
                            true)
                    : otherwise;
        }
        Bundle complete = directory.bundle();
        try (Host login = Hosts.local()) {
            TargetSite target = new TargetSite(
                    login,
                    login.as(TargetAccount.choose(login, Optional.empty(), clone.toString())),
                    clone.toString(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of());
            Sealing.Examined examined = new Sealing(target, complete.backup()).examine(question -> Optional.empty());
            return examined.state() == Sealing.State.TO_SEAL
                    ? new Found("clone-unsealed", "an unsealed clone of that backup: " + examined.why(), true)
                    : otherwise;
        } catch (UnderstudyException e) {
            if (e.code().category() != Category.REFUSED) {
                throw e;
            }
            String id = switch (e.code()) {
                case CLONE_RAN -> "ran-as-primary";
                case NOT_A_CLONE -> "not-a-clone";
                default -> otherwise.id();
            };
            return new Found(id, e.message() + (e.detail().isEmpty() ? "" : ". " + e.detail()), true);
        }
    }

    private void print(Path directory, Found found) {
        if (output.isJson()) {
            ObjectNode node = InspectOutput.object();
            node.put("directory", directory.toString());
            node.put("condition", found.id());
            node.put("summary", found.summary());
            node.put("finding", found.finding());
            output.print(node);
            return;
        }
        output.print("Directory", directory);
        output.print("Condition", found.id());
        output.print("Summary", found.summary());
        output.out().flush();
    }
}
