package dev.understudy.provision.preflight.check;

import dev.understudy.server.survey.ServerSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The files outside of the data directory that the configuration names. */
public final class OutsideFiles {
    private static final List<String> OF_TLS = List.of(
            "ssl_ca_file", "ssl_cert_file", "ssl_crl_dir", "ssl_crl_file", "ssl_dh_params_file", "ssl_key_file");

    private static final Set<String> NEEDED_TO_START =
            Set.of("ssl_ca_file", "ssl_cert_file", "ssl_crl_dir", "ssl_crl_file", "ssl_key_file");

    private OutsideFiles() {}

    /**
     * Absolute paths by setting.
     *
     * @param settings the primary's
     * @param planned what the plan sets instead
     */
    public static Map<String, String> of(ServerSettings settings, Map<String, String> planned) {
        Map<String, String> files = new TreeMap<>();
        boolean tls = value("ssl", settings, planned).filter("on"::equals).isPresent();
        if (tls) {
            OF_TLS.forEach(name -> value(name, settings, planned).ifPresent(path -> files.put(name, path)));
        }
        String data = settings.text("data_directory");
        files.values().removeIf(path -> !path.startsWith("/") || !data.isEmpty() && path.startsWith(data + "/"));
        return files;
    }

    /** Whether a server does not start without the file of this setting. */
    public static boolean preventsStart(String setting) {
        return NEEDED_TO_START.contains(setting);
    }

    private static Optional<String> value(String name, ServerSettings settings, Map<String, String> planned) {
        String here = planned.get(name);
        return here == null ? settings.get(name) : Optional.of(here);
    }
}
