const ENGINE_SOCKETS =
  /^\/(var\/)?run\/(user\/\d+\/)?(docker|podman|containerd)(\/.*)?\.sock$|^\/(var\/)?run\/(docker|containerd)$/

/** Directories that every machine has for itself. */
const SYSTEM =
  /^\/($|(bin|boot|dev|lib|lib32|lib64|libx32|proc|run|sbin|sys|usr)(\/|$)|var($|\/(run|lock|cache\/apt|lib\/(docker|containerd|containers|kubelet|systemd|dbus|snapd|dpkg|apt|rancher|cni|lxc|lxcfs))(\/|$)|\/log$)|tmp\/\.(X11|ICE)-unix)/

/** What a machine logs and keeps of itself; a container that writes there has a directory of its own in mind. */
const READ_OF_SYSTEM = /^\/(etc|var\/(log|lib|spool|mail|cache))(\/|$)/

/** Directories below /etc in which containers keep state that the machine itself has no use for. */
const STATE_IN_ETC = /^\/etc\/(letsencrypt|wireguard|openvpn|pihole|gitlab|x-ui|nginx-proxy)(\/|$)/

const FILE_OF_SYSTEM = /\.sock(et)?$|^\/(etc\/(localtime|timezone)|dev\/)/

export function isEngineSocket(path: string): boolean {
  return ENGINE_SOCKETS.test(path)
}

/** Whether a path outside of the project belongs to the machine rather than to a program of the project. */
export function isSystemPath(path: string, written: boolean): boolean {
  if (SYSTEM.test(path) || FILE_OF_SYSTEM.test(path)) return true
  if (path === '/home' || path === '/root' || path === '/var' || path === '/etc') return true
  if (/^\/etc\//.test(path)) return !(written && STATE_IN_ETC.test(path))
  return !written && READ_OF_SYSTEM.test(path)
}
