package dev.understudy.engine.run;

import java.time.Duration;

/** Durations as PostgreSQL prints settings: the largest unit that divides it. */
final class Durations {
    private Durations() {}

    static String print(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "min" : seconds + "s";
    }
}
