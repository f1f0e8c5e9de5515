import { Agent as HttpAgent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { proxyErrorOf, ProxyError } from './proxy-failure.js';
import { proxyFor, type Environment, type Proxy } from './proxy.js';

/** Options for connections. */
export interface AgentOptions {
  environment: Environment;
  /** The most connections at a time. */
  maxSockets: number;
  /** An additional certificate authority to trust, PEM. */
  ca?: string;
}

/** An agent of Node, without its type: users of the package then need no declarations of Node. */
export interface NodeAgent {
  destroy(): void;
}

/** The agent that sends requests, directly or through a proxy. */
export interface Gateway {
  agent: NodeAgent;
  /** Null for a direct connection. */
  proxy: Proxy | null;
  /** Has the proxy ever opened a tunnel? Until then no request can have reached the host. */
  isOpen: () => boolean;
}

/** Opens keep-alive connections. Certificates are always verified, even with NODE_TLS_REJECT_UNAUTHORIZED=0. */
export function openGateway(target: URL, { environment, maxSockets, ca }: AgentOptions): Gateway {
  const reuse = { keepAlive: true, maxSockets };
  if (target.protocol === 'http:') return direct(new HttpAgent(reuse));
  const secure = { ...reuse, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  const proxy = proxyFor(target, environment);
  if (!proxy) return direct(new HttpsAgent(secure));
  const agent = new HttpsProxyAgent(proxy.url, secure);
  const connect = agent.connect.bind(agent);
  let isOpen = false;
  agent.connect = async (request, to) => {
    try {
      // The agent's own options cover only the proxy: verify the host behind it as strictly.
      return await connect(request, { ...to, ...secure });
    } catch (error) {
      throw proxyErrorOf(error);
    }
  };
  // Otherwise the proxy's own 403 or 407 would pass for a response of the host.
  agent.on('proxyConnect', (answer: IncomingMessage, request: ClientRequest) => {
    if (answer.statusCode === 200) isOpen = true;
    else request.destroy(new ProxyError(answer.statusCode || 'other', ''));
  });
  return { agent, proxy, isOpen: () => isOpen };
}

function direct(agent: NodeAgent): Gateway {
  return { agent, proxy: null, isOpen: () => true };
}
