package dev.gatesvr.client;

import dev.gatesvr.client.core.ClientSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/**
 * What the tests of the SDK over real QUIC share: an identity, gateways that follow a script with
 * it, clients that trust it and reconnect without jitter within 10 ms.
 *
 * @param caPem what clients trust
 */
record ScriptedRig(TestIdentity identity, Path caPem) {
  static ScriptedRig in(Path folder) throws GeneralSecurityException, IOException {
    TestIdentity identity = TestIdentity.create();
    return new ScriptedRig(identity, identity.writePem(folder.resolve("ca.crt")));
  }

  ScriptedGateway gateway(ScriptedGateway.Script script) throws IOException {
    return new ScriptedGateway(identity.identity(), script);
  }

  GatewayClientBuilder client(ScriptedGateway gateway) {
    return GatewayClient.builder()
        .server(gateway.address())
        .openid("10001")
        .token("secret")
        .trust(caPem)
        .settings(
            s -> s.withReconnect(new ClientSettings.Reconnect(1_000_000, 10_000_000, 1_000, 0)));
  }
}
