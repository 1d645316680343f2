import { placeOf } from './places.ts'

const ENGINE_SOCKETS =
  /^\/(var\/)?run\/(user\/\d+\/)?(docker|podman|containerd)(\/.*)?\.sock$|^\/(var\/)?run\/(docker|containerd)$|^\/pipe\/docker_engine$/

/** Directories that every machine has for itself. */
const SYSTEM =
  /^\/($|(bin|boot|cgroup|dev|lib|lib32|lib64|libx32|proc|run|sbin|sys)(\/|$)|usr($|\/(local\/)?(bin|include|lib|lib32|lib64|libexec|sbin|src)(\/|$)|\/local$|\/share($|\/(zoneinfo|ca-certificates|fonts)(\/|$)))|tmp\/\.(X11|ICE)-unix)/

const SYSTEM_IN_VAR =
  /^\/var($|\/(run|lock|cache\/apt|lib\/(docker|containerd|containers|kubelet|systemd|dbus|snapd|dpkg|apt|rancher|cni|lxc|lxcfs|libvirt))(\/|$)|\/log$)/

/** What is of the machine where a container only reads it; one that writes there has a directory of its own in mind. */
const READ_OF_SYSTEM = /^\/(etc|usr|var\/(log|lib|spool|mail|cache))(\/|$)/

/** Directories below /etc in which containers keep state that the machine itself has no use for. */
const STATE_IN_ETC =
  /^\/etc\/(letsencrypt|wireguard|openvpn|pihole|dnsmasq\.d|gitlab|x-ui|nginx-proxy)(\/|$)/

export function isEngineSocket(path: string): boolean {
  return ENGINE_SOCKETS.test(path)
}

/** Whether a path outside of the project belongs to the machine rather than to a program of the project. */
export function isSystemPath(path: string, target: string, written: boolean): boolean {
  if (SYSTEM.test(path) || SYSTEM_IN_VAR.test(path) || /\.sock(et)?$/.test(path)) return true
  if (/^\/(home|root|var|etc)$/.test(path)) return true
  if (/^\/etc\//.test(path))
    return !written || !(STATE_IN_ETC.test(path) || placeOf(target) === 'state')
  return !written && READ_OF_SYSTEM.test(path)
}
