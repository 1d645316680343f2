/** Has a static busybox, which runs in any image, also in one without a shell. */
export const TOOLS_IMAGE = 'busybox:1.35.0-musl'
