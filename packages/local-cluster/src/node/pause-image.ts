import { digestOf, tarArchive } from '@landfall/image'
import { architecture } from '../host/architecture.ts'
import { pauseImage } from './node-files.ts'
import { pauseProgram } from './pause-program.ts'

/** The pods' sandbox image as an archive of `docker save`'s form: a layer with one program. */
export async function pauseArchive(): Promise<Buffer> {
  const content = pauseProgram(architecture)
  const layer = await tarArchive([{ path: 'pause', type: 'file', content, mode: 0o755 }])
  const config = JSON.stringify({
    architecture,
    os: 'linux',
    config: { Entrypoint: ['/pause'] },
    rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
  })
  const manifest = [{ Config: 'config.json', RepoTags: [pauseImage], Layers: ['layer.tar'] }]
  return tarArchive([
    { path: 'config.json', type: 'file', content: config },
    { path: 'layer.tar', type: 'file', content: layer },
    { path: 'manifest.json', type: 'file', content: JSON.stringify(manifest) },
  ])
}
