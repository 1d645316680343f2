import { lstatSync, readFileSync, rmSync } from 'node:fs'

/** What an earlier attempt left of a download: how many bytes, and the validator with which it can be continued. */
interface Partial {
  bytes: number
  validator: string
}

const nothing: Partial = { bytes: 0, validator: '' }

/**
 * Looks at a partial file. One that cannot be continued is removed: of another address, without a validator, not a regular file,
 * with other names or another owner.
 */
export function readPartial(partial: string, url: string): Partial {
  const validator = validatorOf(`${partial}.json`, url)
  const stat = lstatSync(partial, { throwIfNoEntry: false })
  if (stat === undefined) return nothing
  const own = stat.isFile() && stat.nlink === 1 && stat.uid === process.getuid?.()
  if (own && validator !== '') return { bytes: stat.size, validator }
  rmSync(partial, { recursive: true, force: true })
  return nothing
}

/** Removes a partial file and what belongs to it. */
export function removePartial(partial: string): void {
  for (const file of [partial, `${partial}.json`]) rmSync(file, { recursive: true, force: true })
}

function validatorOf(file: string, url: string): string {
  try {
    const known = JSON.parse(readFileSync(file, 'utf8')) as { url?: unknown; validator?: unknown }
    return known.url === url && typeof known.validator === 'string' ? known.validator : ''
  } catch {
    return ''
  }
}
