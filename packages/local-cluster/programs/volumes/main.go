// Command volumes provides claims with directories, each on the disk of the node that the scheduler chose for the pod.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// nodeDisks says where the directories lie.
type nodeDisks struct {
	// onHost is a path on this machine with one %s, the node's name: what that node sees as its volumes.
	onHost string
	// onNode is the path under which each node sees its own.
	onNode string
}

func (d nodeDisks) directory(node, volume string) string {
	return filepath.Join(fmt.Sprintf(d.onHost, node), volume)
}

// Provision implements controller.Provisioner.
func (d nodeDisks) Provision(_ context.Context, options controller.ProvisionOptions) (*core.PersistentVolume, controller.ProvisioningState, error) {
	claim, node := options.PVC, options.SelectedNodeName
	if node == "" {
		return nil, controller.ProvisioningFinished, fmt.Errorf("no node was chosen: the class needs volumeBindingMode WaitForFirstConsumer")
	}
	directory := d.directory(node, options.PVName)
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	// Pods of any user may write, as in the directories that other small clusters provide; chmod, because of the umask.
	if err := os.Chmod(directory, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	mode := core.PersistentVolumeFilesystem
	return &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: options.PVName},
		Spec: core.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   claim.Spec.AccessModes,
			VolumeMode:                    &mode,
			Capacity:                      core.ResourceList{core.ResourceStorage: claim.Spec.Resources.Requests[core.ResourceStorage]},
			PersistentVolumeSource: core.PersistentVolumeSource{
				Local: &core.LocalVolumeSource{Path: filepath.Join(d.onNode, options.PVName)},
			},
			NodeAffinity: &core.VolumeNodeAffinity{Required: &core.NodeSelector{
				NodeSelectorTerms: []core.NodeSelectorTerm{{MatchExpressions: []core.NodeSelectorRequirement{
					{Key: core.LabelHostname, Operator: core.NodeSelectorOpIn, Values: []string{node}},
				}}},
			}},
		},
	}, controller.ProvisioningFinished, nil
}

// Delete implements controller.Provisioner.
func (d nodeDisks) Delete(_ context.Context, volume *core.PersistentVolume) error {
	node := volume.Spec.NodeAffinity.Required.NodeSelectorTerms[0].MatchExpressions[0].Values[0]
	return os.RemoveAll(d.directory(node, volume.Name))
}

func run() error {
	kubeconfig := flag.String("kubeconfig", "", "how to reach the API server")
	name := flag.String("name", "", "the provisioner's name in storage classes")
	var disks nodeDisks
	flag.StringVar(&disks.onHost, "on-host", "", "path on this machine of a node's volumes, with %s for the node's name")
	flag.StringVar(&disks.onNode, "on-node", "", "path under which each node sees its own volumes")
	flag.Parse()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 100, 200
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	controller.NewProvisionController(ctx, client, *name, disks, controller.LeaderElection(false)).Run(ctx)
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "volumes:", err)
		os.Exit(1)
	}
}
