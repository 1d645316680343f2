import { join } from 'node:path'
import type { HostTools } from '../cache/host-tools.ts'
import type { ClusterPaths } from '../cluster/paths.ts'
import { run } from '../host/run.ts'

/** How kube-proxy makes the rules of Services. */
export type ProxyMode = 'iptables' | 'nftables'

/** The names under which kube-proxy, kubelet and the CNI plugins call iptables. */
export const iptablesNames = ['iptables', 'ip6tables'].flatMap((name) => [
  name,
  `${name}-restore`,
  `${name}-save`,
])

/** Each match and target of which kube-proxy makes its rules. */
const rulesOfServices = `*nat
:PROBE - [0:0]
-A PROBE -m comment --comment probe -m addrtype --dst-type LOCAL -j MARK --or-mark 0x4000
-A PROBE -m mark ! --mark 0x4000/0x4000 -j RETURN
-A PROBE -p tcp -m tcp --dport 1 -m statistic --mode random --probability 0.5 -j DNAT --to-destination 127.0.0.1:1
-A PROBE -m recent --name probe --rcheck --seconds 1 --reap -j RETURN
-A PROBE -j MASQUERADE --random-fully
COMMIT
*filter
:PROBE - [0:0]
-A PROBE -m conntrack --ctstate INVALID -j DROP
-A PROBE -j REJECT
COMMIT
`

/** The environment of a node's programs: iptables goes by several names, which a package's installation would set up. */
export function nodeEnvironment(paths: ClusterPaths, tools: HostTools): HostTools['env'] {
  return { ...tools.env, PATH: `${join(paths.run, 'bin')}:${tools.env.PATH}` }
}

/**
 * iptables where this machine has it and its kernel takes the rules, else nftables. In nftables mode a change of a Service's endpoints
 * can refuse a connection that is made at that moment: the rule that sees the packet looks for its way in a map that is no longer
 * valid (Linux 6.18; decision 0044).
 */
export async function proxyMode(paths: ClusterPaths, tools: HostTools): Promise<ProxyMode> {
  try {
    await run('unshare', ['--net', 'iptables-restore'], {
      base: nodeEnvironment(paths, tools),
      input: rulesOfServices,
      timeout: 10_000,
    })
    return 'iptables'
  } catch {
    return 'nftables'
  }
}
