import type { Conversion } from '../../conversion.ts'

/** Has a static busybox, which runs in any image, also in one without a shell. */
const TOOLS_IMAGE = 'busybox:1.35.0-musl'

/** The image in which files are copied and volumes filled. */
export function toolsImage({ settings }: Conversion): string {
  return settings.gate?.tools ?? TOOLS_IMAGE
}
