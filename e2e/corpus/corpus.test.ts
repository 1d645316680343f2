import { readdirSync, readFileSync } from 'node:fs'
import { type Conversion, convert, judge, refusedBy } from '@landfall/fidelity'
import { repository, sharedCluster } from '@landfall/testkit'
import { afterAll, describe, expect, test } from 'vitest'

/** Projects of our own in the shapes of real ones; LANDFALL_CORPUS names a folder with more. */
const corpora = [`${repository}e2e/corpus`, process.env.LANDFALL_CORPUS].filter(
  (folder) => folder !== undefined,
)

/** Every Compose file below a folder that is a project by itself: it has services, and each has something to run. */
function composeFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path) && !/override/.test(path))
    .map((path) => `${folder}/${path}`)
    .filter((path) => /^services:/m.test(readFileSync(path, 'utf8')))
    .filter((path) => !/\/(parts|extensions)\//.test(path))
    .sort()
}

describe.each(corpora.flatMap(composeFiles))('%s', (file) => {
  const conversion = convert(file)
  afterAll(() => {
    if (!('failed' in conversion)) conversion.remove()
  })

  test('converts', () => {
    expect(conversion).not.toHaveProperty('failed')
  })

  test('every object is one that the API server and kubectl take', () => {
    const { kubeconfig, kubectl } = sharedCluster()
    expect(refusedBy(kubeconfig, (conversion as Conversion).output, kubectl)).toBeUndefined()
  })

  test('nothing is lost that the ledger does not name, and it accounts for every key', () => {
    const { converted, ledger, findings } = conversion as Conversion
    const silent = judge(converted, ledger, findings).misses.filter((miss) => miss.silent)
    expect(silent).toEqual([])
  })

  test('converted again, it has the same bytes', () => {
    const again = convert(file) as Conversion
    const bytesOf = (output: string) =>
      readdirSync(output)
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => [name, readFileSync(`${output}/${name}`, 'utf8')])
    expect(bytesOf(again.output)).toEqual(bytesOf((conversion as Conversion).output))
    again.remove()
  })
})
