package dev.understudy.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network.Ipam;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.Base58;

/**
 * A Docker network whose subnet is given rather than chosen, since only in such a one can a container have an address of
 * our choice, and so keep it when it is stopped or its cable pulled. The subnet is one that Docker would have chosen.
 */
final class SubnetNetwork implements AutoCloseable {
    private static final int TRIES = 5;

    private final Network network;
    private final String subnet;

    private SubnetNetwork(Network network, String subnet) {
        this.network = network;
        this.subnet = subnet;
    }

    static SubnetNetwork create() {
        for (int attempt = 1; ; attempt++) {
            String subnet = freeSubnet();
            Network network = Network.builder()
                    .createNetworkCmdModifier(
                            command -> command.withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(subnet))))
                    .build();
            try {
                network.getId();
                return new SubnetNetwork(network, subnet);
            } catch (DockerException e) {
                // Another test run may have taken the subnet in between.
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    Network network() {
        return network;
    }

    /** For example {@code 172.18.0.0/16}. */
    String subnet() {
        return subnet;
    }

    /** The address of that number, 2 to 254; the first is the gateway's, which is the test's JVM. */
    String address(int number) {
        String base = subnet.substring(0, subnet.lastIndexOf('.'));
        return base + "." + number;
    }

    @Override
    public void close() {
        network.close();
    }

    private static String freeSubnet() {
        DockerClient client = DockerClientFactory.lazyClient();
        String id = client.createNetworkCmd()
                .withName("understudy-" + Base58.randomString(8))
                .exec()
                .getId();
        try {
            return client.inspectNetworkCmd()
                    .withNetworkId(id)
                    .exec()
                    .getIpam()
                    .getConfig()
                    .get(0)
                    .getSubnet();
        } finally {
            client.removeNetworkCmd(id).exec();
        }
    }
}
