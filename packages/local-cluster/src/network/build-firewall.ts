/** What a build reaches of this machine, in addition to what is outside: addresses and TCP ports. */
export interface Endpoint {
  address: string
  port: number
}

/** The two ends of a build's network cable, and the interface of the host's end. */
export interface BuildCable {
  id: string
  host: string
  build: string
}

/** Addresses that a build never reaches: loopback, link-local (metadata services), multicast, and those of all clusters. */
const closed = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  // Services, nodes with their API servers, and pods of all slots (address-plan.ts).
  '10.96.0.0/16',
  '10.213.0.0/16',
  '10.214.0.0/15',
  '10.216.0.0/15',
]

/**
 * The firewall of one build on the host, for `nft -f`. A build reaches the outside and its name servers; of this machine it
 * reaches the endpoints and nothing else. Endpoints on loopback are reached at the host's end of the cable.
 */
export function buildFirewall(
  { id, host, build }: BuildCable,
  nameServers: readonly string[],
  endpoints: readonly Endpoint[],
): string {
  const names = nameServers.flatMap((server) =>
    ['udp', 'tcp'].map((protocol) => `ip daddr ${server} ${protocol} dport 53 accept`),
  )
  const open = [
    ...names,
    ...endpoints.map(({ address, port }) => `ip daddr ${address} tcp dport ${port} accept`),
  ]
  const forwarded = endpoints.filter(({ address }) => isLoopback(address))
  const forwards = forwarded.map(
    ({ address, port }) =>
      `iifname "${id}" ip daddr ${host} tcp dport ${port} dnat to ${address}:${port}`,
  )
  return `${removeBuildFirewall(id)}table ip ${id} {
  chain prerouting {
    type nat hook prerouting priority dstnat;
${lines(forwards)}  }
  chain input {
    type filter hook input priority filter - 10;
    iifname != "${id}" accept
    ct state established,related accept
${lines(open)}    reject
  }
  chain forward {
    type filter hook forward priority filter - 10;
    oifname "${id}" ct state established,related accept
    oifname "${id}" drop
    iifname != "${id}" accept
${lines(open)}    ip daddr { ${closed.join(', ')} } reject
  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr ${build} oifname != "${id}" masquerade
  }
}
`
}

/** Removes the firewall; adding it first makes the removal succeed when there is none. */
export function removeBuildFirewall(id: string): string {
  return `table ip ${id}\ndelete table ip ${id}\n`
}

/** In the build's own network: what it sends to an endpoint on loopback goes to the host's end of the cable. */
export function loopbackForwards({ host }: BuildCable, endpoints: readonly Endpoint[]): string {
  const forwards = endpoints
    .filter(({ address }) => isLoopback(address))
    .map(({ address, port }) => `ip daddr ${address} tcp dport ${port} dnat to ${host}:${port}`)
  return `table ip landfall {
  chain output {
    type nat hook output priority -100;
${lines(forwards)}  }
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr 127.0.0.0/8 oifname "eth0" masquerade
  }
}
`
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.')
}

function lines(rules: readonly string[]): string {
  return rules.map((rule) => `    ${rule}\n`).join('')
}
