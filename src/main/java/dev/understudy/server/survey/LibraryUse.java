package dev.understudy.server.survey;

/**
 * A shared library that the server loads.
 *
 * @param library as it is written: {@code $libdir/postgis-3}, {@code auto_explain}, {@code /opt/x.so}
 * @param user who needs it: {@code shared_preload_libraries}, {@code extension "postgis" in database "app"}
 * @param atStart whether the server does not start without it
 */
public record LibraryUse(String library, String user, boolean atStart) {}
