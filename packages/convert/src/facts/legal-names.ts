import { isServiceName, shortHash, toServiceName } from '@landfall/kube'

/**
 * A legal and unique name for each written one. DNS ignores case, so `Redis` is legal as `redis`; legal ones keep
 * their name, and of two that become the same the later in the alphabet gets a hash.
 */
export function allocateNames(written: Iterable<string>): Map<string, string> {
  const legal = new Map<string, string>()
  const taken = new Set<string>()
  const sorted = [...new Set(written)].sort()
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
