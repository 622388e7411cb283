package dev.understudy.provision.sabotage;

import java.io.IOException;

/** Does something to a run, or looks at what came of it. */
@FunctionalInterface
interface Tampering {
    void on(Scene scene) throws IOException;
}
