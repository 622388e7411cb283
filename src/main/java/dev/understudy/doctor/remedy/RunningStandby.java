package dev.understudy.doctor.remedy;

import dev.understudy.engine.StepContext;
import dev.understudy.pgfile.control.ControlFile;
import dev.understudy.provision.control.PostmasterFile;
import dev.understudy.provision.site.Site;
import dev.understudy.provision.site.TargetSite;
import dev.understudy.provision.standby.StandbyPort;
import dev.understudy.provision.standby.StandbySessions;
import dev.understudy.provision.standby.TargetDirectory;
import dev.understudy.server.Session;
import java.util.Optional;

/** The server that runs in the standby's data directory, which this run has not started. */
final class RunningStandby {
    private final Site site;

    RunningStandby(Site site) {
        this.site = site;
    }

    private TargetSite target() {
        return site.target();
    }

    Optional<PostmasterFile> find() {
        return PostmasterFile.read(target().host(), target().dataDirectory())
                .filter(process -> process.isAlive(target().host(), target().dataDirectory()));
    }

    ControlFile control() {
        return new TargetDirectory(target()).controlFile();
    }

    /** Records where it listens, for whoever opens sessions on it later. */
    void record(StepContext context, PostmasterFile process) {
        context.record(StandbyPort.PORT, Integer.toString(process.port()));
        context.record(StandbySessions.SOCKET_DIRECTORIES, process.socketDirectory());
    }

    /** Opens a session; what it may throw while the server is not open is the caller's to bear. */
    Session open(StepContext context) {
        return new StandbySessions(site).open(context.facts());
    }
}
