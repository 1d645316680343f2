/** Go's word for this machine's processor, which image configurations use. */
export const architecture: string = process.arch === 'x64' ? 'amd64' : process.arch

/** What images are built for, to run on this machine. */
export const platform: string = `linux/${architecture}`
