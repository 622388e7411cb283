package dev.understudy.provision.standby;

import dev.understudy.engine.Evidence;
import dev.understudy.engine.StepContext;
import dev.understudy.provision.site.Site;
import dev.understudy.server.Session;
import java.util.List;

/** Reads the running standby again. */
record FullExamination(Site site, StepContext context) {
    List<Evidence> examine(Session standby) {
        return List.of();
    }
}
