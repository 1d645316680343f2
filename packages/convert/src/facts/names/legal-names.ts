import { isServiceName, shortHash, toServiceName } from '@landfall/kube'

/**
 * A legal and unique name for each written one. DNS ignores case, so `Redis` is legal as `redis`; legal ones keep
 * their name, and of two that become the same the later in the alphabet gets a hash. `settled` names stay as they are.
 */
export function allocateNames(
  written: Iterable<string>,
  settled: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const legal = new Map(settled)
  const taken = new Set(settled.values())
  const sorted = [...new Set(written)].filter((name) => !settled.has(name)).sort()
  const needsRewrite = (name: string): boolean => !isServiceName(name.toLowerCase())
  for (const name of sorted.filter((name) => !needsRewrite(name))) {
    legal.set(name, name.toLowerCase())
    taken.add(name.toLowerCase())
  }
  for (const name of sorted.filter(needsRewrite)) {
    const nearest = toServiceName(name)
    const free = taken.has(nearest)
      ? toServiceName(`${nearest}-${shortHash(name).slice(0, 6)}`)
      : nearest
    legal.set(name, free)
    taken.add(free)
  }
  return legal
}

/** The name of a second Service beside one: `web-published`, or with a number where a peer has that name. */
export function nameBeside(
  name: string,
  suffix: string,
  isTaken: (name: string) => boolean,
): string {
  for (let number = 1; ; number++) {
    const beside = toServiceName(`${name}-${suffix}${number === 1 ? '' : `-${number}`}`)
    if (!isTaken(beside)) return beside
  }
}
