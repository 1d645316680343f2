package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// mounts gives the node its own /var, /tmp, /run and /proc. Nothing of it is seen on the host, whose mounts stay as they are;
// within the node everything is shared, which mount propagation into pods needs.
func mounts(spec Spec) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return &os.PathError{Op: "make private", Path: "/", Err: err}
	}
	resolvConf, err := filepath.EvalSymlinks("/etc/resolv.conf")
	if err != nil {
		return err
	}
	run := filepath.Join(spec.Disk, "run")
	for _, directory := range []string{"var", "tmp", "run"} {
		if err := os.MkdirAll(filepath.Join(spec.Disk, directory), 0o755); err != nil {
			return err
		}
	}
	if err := os.Chmod(filepath.Join(spec.Disk, "tmp"), 0o1777|os.ModeSticky); err != nil {
		return err
	}
	if err := syscall.Mount("tmpfs", run, "tmpfs", 0, "mode=755"); err != nil {
		return &os.PathError{Op: "mount", Path: run, Err: err}
	}
	for _, directory := range []string{"/var", "/tmp", "/run"} {
		if err := replace(directory, spec); err != nil {
			return err
		}
	}
	if err := os.Symlink("/run", "/var/run"); err != nil && !os.IsExist(err) {
		return err
	}
	if err := syscall.Mount("proc", "/proc", "proc", syscall.MS_NOSUID|syscall.MS_NODEV|syscall.MS_NOEXEC, ""); err != nil {
		return &os.PathError{Op: "mount", Path: "/proc", Err: err}
	}
	if err := bindFile(spec.ResolvConf, resolvConf); err != nil {
		return err
	}
	return syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_SHARED, "")
}

// replace puts the disk's directory in the place of the host's; what is kept of the host's is seen through it.
func replace(directory string, spec Spec) error {
	own := filepath.Join(spec.Disk, directory)
	for _, keep := range spec.Keep {
		if !strings.HasPrefix(keep, directory+"/") {
			continue
		}
		place := filepath.Join(spec.Disk, keep)
		if err := os.MkdirAll(place, 0o755); err != nil {
			return err
		}
		if err := syscall.Mount(keep, place, "", syscall.MS_BIND, ""); err != nil {
			return &os.PathError{Op: "bind", Path: place, Err: err}
		}
	}
	if err := syscall.Mount(own, directory, "", syscall.MS_BIND|syscall.MS_REC, ""); err != nil {
		return &os.PathError{Op: "bind", Path: directory, Err: err}
	}
	return nil
}

// bindFile shows a file in the place of another one, which is made where a link points to nothing.
func bindFile(file, place string) error {
	if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
		return err
	}
	made, err := os.OpenFile(place, os.O_CREATE|os.O_RDONLY, 0o644)
	if err != nil {
		return err
	}
	made.Close()
	if err := syscall.Mount(file, place, "", syscall.MS_BIND, ""); err != nil {
		return &os.PathError{Op: "bind", Path: place, Err: err}
	}
	return nil
}
