import type { Agent } from 'node:http';
import { openAgent, type AgentOptions } from './agent.js';
import { proxyFor } from './proxy.js';

/** Open connections to any address. They carry no address and no credential of their own: each request brings both. */
export interface Connections {
  /** What a request to this address goes through. */
  agentFor(target: URL): Agent;
  /** Ends idle connections. */
  close(): void;
}

/** Opens connections. Nothing is sent yet. */
export function openConnections(options: AgentOptions): Connections {
  const agents = new Map<string, Agent>();
  return {
    agentFor: (target) => {
      const key = `${target.protocol} ${proxyFor(target, options.environment)?.href ?? ''}`;
      const agent = agents.get(key) ?? openAgent(target, options);
      agents.set(key, agent);
      return agent;
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}
