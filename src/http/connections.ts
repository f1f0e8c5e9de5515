import { openGateway, type AgentOptions, type Gateway } from './agent.js';
import { proxyFor } from './proxy.js';

/** Open connections to any address. They hold no credential: each request brings its own. */
export interface Connections {
  /** The gateway for requests to an address. */
  gatewayFor(target: URL): Gateway;
  /** Closes idle connections. */
  close(): void;
}

/** Opens connections. Nothing is sent yet. */
export function openConnections(options: AgentOptions): Connections {
  const gateways = new Map<string, Gateway>();
  return {
    gatewayFor: (target) => {
      const key = `${target.protocol} ${proxyFor(target, options.environment)?.url.href ?? ''}`;
      const gateway = gateways.get(key) ?? openGateway(target, options);
      gateways.set(key, gateway);
      return gateway;
    },
    close: () => {
      for (const { agent } of gateways.values()) agent.destroy();
    },
  };
}
