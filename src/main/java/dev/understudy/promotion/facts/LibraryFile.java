package dev.understudy.promotion.facts;

import dev.understudy.postgres.Known;

/**
 * A shared library that the standby's server would load.
 *
 * @param library as it is written: {@code $libdir/postgis-3}, {@code auto_explain}
 * @param user who needs it: {@code shared_preload_libraries}, {@code extension "postgis" in database "app"}
 * @param file where the server looks for it; with several places, the first
 * @param there whether it is in one of them
 */
public record LibraryFile(String library, String user, String file, Known<Boolean> there) {}
