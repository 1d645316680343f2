/** Runs what belongs to one key one after the other, and different keys at the same time. */
export interface Serial {
  run<T>(key: string, work: () => Promise<T>): Promise<T>
  /** Fulfilled when nothing runs. */
  idle(): Promise<void>
}

/** Runs as many at the same time as it says, and the others in their order. */
export function atMost(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running < count) running++
    else await new Promise<void>((begin) => waiting.push(begin))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}

export function serialByKey(): Serial {
  const last = new Map<string, Promise<unknown>>()
  return {
    run(key, work) {
      const before = last.get(key) ?? Promise.resolve()
      const now = before.then(work, work)
      const settled = now
        .catch(() => {})
        .finally(() => {
          if (last.get(key) === settled) last.delete(key)
        })
      last.set(key, settled)
      return now
    },
    async idle() {
      while (last.size > 0) await Promise.all(last.values())
    },
  }
}
