package dev.understudy.host.ssh;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.Identity;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.SSHAgentConnector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Vector;

/**
 * The keys that are offered, in OpenSSH's order: those of the configured files that the agent holds, the agent's others,
 * then the files. Keys with a passphrase are used through the agent alone; nobody is asked for a passphrase.
 */
final class SshIdentities implements IdentityRepository {
    private final List<Identity> offered = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<Path> encrypted = new ArrayList<>();

    private SshIdentities() {}

    static SshIdentities load(SshTarget target) {
        SshIdentities identities = new SshIdentities();
        List<Identity> agent = identities.agent(target);
        List<Identity> files = identities.files(target);
        for (Identity file : files) {
            agent.stream().filter(key -> same(key, file)).forEach(identities.offered::add);
        }
        if (!target.identitiesOnly()) {
            agent.stream()
                    .filter(key -> files.stream().noneMatch(file -> same(key, file)))
                    .forEach(identities.offered::add);
        }
        files.stream()
                .filter(file -> !file.isEncrypted() && agent.stream().noneMatch(key -> same(key, file)))
                .forEach(identities.offered::add);
        files.stream()
                .filter(file -> file.isEncrypted() && agent.stream().noneMatch(key -> same(key, file)))
                .forEach(file -> identities.encrypted.add(Path.of(file.getName())));
        return identities;
    }

    private static boolean same(Identity one, Identity other) {
        return one.getPublicKeyBlob() != null && Arrays.equals(one.getPublicKeyBlob(), other.getPublicKeyBlob());
    }

    private List<Identity> agent(SshTarget target) {
        if (target.agentSocket().isEmpty()) {
            remarks.add("There is no agent.");
            return List.of();
        }
        try {
            AgentIdentityRepository agent = new AgentIdentityRepository(
                    new SSHAgentConnector(target.agentSocket().get()));
            List<Identity> keys = List.copyOf(agent.getIdentities());
            if (keys.isEmpty()) {
                remarks.add("The agent at \"%s\" holds no keys or does not answer."
                        .formatted(target.agentSocket().get()));
            }
            return keys;
        } catch (AgentProxyException e) {
            remarks.add("The agent at \"%s\" cannot be used: %s"
                    .formatted(target.agentSocket().get(), e.getMessage()));
            return List.of();
        }
    }

    private List<Identity> files(SshTarget target) {
        List<Identity> found = new ArrayList<>();
        for (Path file : target.identityFiles()) {
            if (!Files.exists(file)) {
                continue;
            }
            try {
                JSch jsch = new JSch();
                jsch.addIdentity(file.toString());
                found.addAll(jsch.getIdentityRepository().getIdentities());
            } catch (JSchException e) {
                remarks.add("The key \"%s\" cannot be read: %s".formatted(file, e.getMessage()));
            }
        }
        return found;
    }

    /** What was offered and what was not, for the error when none was accepted. */
    String describe() {
        List<String> sentences = new ArrayList<>();
        sentences.add(
                offered.isEmpty()
                        ? "There was no key to offer."
                        : "Offered: "
                                + String.join(
                                        ", ",
                                        offered.stream()
                                                .map(key -> key.getName() + " (" + key.getAlgName() + ")")
                                                .toList())
                                + ".");
        encrypted.forEach(file -> sentences.add("The key \"%s\" has a passphrase.".formatted(file)));
        sentences.addAll(remarks);
        return String.join(" ", sentences);
    }

    /** Keys that could be used if they were in the agent. */
    List<Path> encrypted() {
        return encrypted;
    }

    @Override
    public String getName() {
        return "keys";
    }

    @Override
    public int getStatus() {
        return RUNNING;
    }

    @Override
    @SuppressWarnings("JdkObsolete") // the library's interface asks for it
    public Vector<Identity> getIdentities() {
        return new Vector<>(offered);
    }

    @Override
    public boolean add(byte[] identity) {
        return false;
    }

    @Override
    public boolean remove(byte[] blob) {
        return false;
    }

    @Override
    public void removeAll() {
        // Keys are the person's to keep.
    }
}
