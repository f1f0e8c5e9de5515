import { Agent as HttpAgent, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { NoReplyError } from './failure.js';
import { proxyFor, type Environment } from './proxy.js';

/** What connections are made with. */
export interface AgentOptions {
  environment: Environment;
  /** Connections at once. */
  maxSockets: number;
  /** A certificate authority to trust beside the usual ones, PEM. */
  ca?: string;
}

/** Connections that are used again; https is always verified, whatever the environment says of it. */
export function openAgent(target: URL, { environment, maxSockets, ca }: AgentOptions): Agent {
  const reuse = { keepAlive: true, maxSockets };
  if (target.protocol === 'http:') return new HttpAgent(reuse);
  const secure = { ...reuse, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  const proxy = proxyFor(target, environment);
  if (!proxy) return new HttpsAgent(secure);
  const agent = new HttpsProxyAgent(proxy, secure);
  // What the agent was given holds for the proxy alone: the instance behind it must be verified as strictly.
  const connect = agent.connect.bind(agent);
  agent.connect = (request, to) => connect(request, { ...to, ...secure });
  // Else the proxy's own 403 or 407 would be told as if the instance had said it.
  agent.on('proxyConnect', (answer: IncomingMessage, request: ClientRequest) => {
    if (answer.statusCode === 200) return;
    request.destroy(new NoReplyError('proxy', `the proxy answered ${answer.statusCode ?? 'nothing'}`));
  });
  return agent;
}
