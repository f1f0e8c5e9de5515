import { Agent as HttpAgent, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { proxyErrorOf, ProxyError } from './proxy-failure.js';
import { proxyFor, type Environment, type Proxy } from './proxy.js';

/** What connections are made with. */
export interface AgentOptions {
  environment: Environment;
  /** Connections at once. */
  maxSockets: number;
  /** A certificate authority to trust beside the usual ones, PEM. */
  ca?: string;
}

/** How requests leave. */
export interface Gateway {
  agent: Agent;
  /** Null where there is none on the way. */
  proxy: Proxy | null;
  /** Has the proxy ever opened a connection to a host? Until then nothing can have reached one. */
  isOpen: () => boolean;
}

/** Connections that are used again; https is always verified, whatever the environment says of it. */
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
      // What the agent was given holds for the proxy alone: the host behind it must be verified as strictly.
      return await connect(request, { ...to, ...secure });
    } catch (error) {
      throw proxyErrorOf(error);
    }
  };
  // Else the proxy's own 403 or 407 would be taken for an answer of the host.
  agent.on('proxyConnect', (answer: IncomingMessage, request: ClientRequest) => {
    if (answer.statusCode === 200) isOpen = true;
    else request.destroy(new ProxyError(answer.statusCode || 'other', ''));
  });
  return { agent, proxy, isOpen: () => isOpen };
}

function direct(agent: Agent): Gateway {
  return { agent, proxy: null, isOpen: () => true };
}
