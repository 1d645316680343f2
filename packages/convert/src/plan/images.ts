/** A small public image with sh, sleep, cat and curl, whose user 100 is not root. */
export const GATE_IMAGE = 'curlimages/curl:8.14.1'

/** Node.js, whose user 1000 is not root. */
export const KEEPER_IMAGE = 'node:22-alpine'

/** Has a static busybox, which runs in any image, also in one without a shell. */
export const TOOLS_IMAGE = 'busybox:1.35.0-musl'

/** Clients for databases outside of the project, whose images are not known. */
export const SQL_CLIENT_IMAGES = { mysql: 'mariadb:10.11', postgres: 'postgres:15' } as const
