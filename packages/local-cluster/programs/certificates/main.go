// Command certificates keeps the keys and certificates of a cluster in a directory: it makes those that are missing,
// that were made for other names or addresses, or that end soon, and leaves the others as they are.
// The wish is read from standard input as JSON.
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

type wish struct {
	Directory    string `json:"directory"`
	Certificates []struct {
		// Name of the files, without .crt and .key.
		Name         string   `json:"name"`
		CommonName   string   `json:"commonName"`
		Organization string   `json:"organization"`
		DNSNames     []string `json:"dnsNames"`
		Addresses    []string `json:"addresses"`
		// Authority is the name of the files of who signs it: ca if omitted.
		Authority string `json:"authority"`
	} `json:"certificates"`
	// KeyPairs are made without a certificate, as .key and .pub.
	KeyPairs []string `json:"keyPairs"`
}

const (
	lifetime = 10 * 365 * 24 * time.Hour
	soon     = 30 * 24 * time.Hour
)

func main() {
	var w wish
	err := json.NewDecoder(os.Stdin).Decode(&w)
	if err == nil {
		err = fulfil(w)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "certificates:", err)
		os.Exit(1)
	}
}

func fulfil(w wish) error {
	if err := os.MkdirAll(w.Directory, 0o700); err != nil {
		return err
	}
	if err := keepModes(w.Directory); err != nil {
		return err
	}
	in := func(name string) string { return filepath.Join(w.Directory, name) }
	authorities := map[string]*authority{}
	for _, c := range w.Certificates {
		var addresses []net.IP
		for _, address := range c.Addresses {
			addresses = append(addresses, net.ParseIP(address).To4())
		}
		name := c.Authority
		if name == "" {
			name = "ca"
		}
		if authorities[name] == nil {
			kept, err := keepAuthority(in(name))
			if err != nil {
				return err
			}
			authorities[name] = kept
		}
		by := authorities[name]
		wanted := template(c.CommonName, c.Organization, c.DNSNames, addresses)
		if serves(read(in(c.Name+".crt")), wanted, by.certificate) {
			continue
		}
		made, own, err := issue(wanted, by.certificate, by.key)
		if err == nil {
			err = write(in(c.Name), made.Raw, own)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range w.KeyPairs {
		if _, err := os.Stat(in(name + ".key")); errors.Is(err, fs.ErrNotExist) {
			key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			if err == nil {
				err = writeKey(in(name), key)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// keepModes closes the directory and the keys in it to other users, also those that were made with other modes.
func keepModes(directory string) error {
	if err := os.Chmod(directory, 0o700); err != nil {
		return err
	}
	keys, err := filepath.Glob(filepath.Join(directory, "*.key"))
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := os.Chmod(key, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// authority is who signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// keepAuthority reads an authority from its files, or makes it.
func keepAuthority(name string) (*authority, error) {
	certificate := read(name + ".crt")
	if certificate == nil {
		wanted := template("landfall-cluster", "", nil, nil)
		if base := filepath.Base(name); base != "ca" {
			wanted.Subject.CommonName += "-" + base
		}
		wanted.IsCA, wanted.BasicConstraintsValid = true, true
		wanted.KeyUsage |= x509.KeyUsageCertSign
		made, key, err := issue(wanted, nil, nil)
		if err == nil {
			err = write(name, made.Raw, key)
		}
		if err != nil {
			return nil, err
		}
		certificate = made
	}
	key, err := readKey(name + ".key")
	if err != nil {
		return nil, err
	}
	return &authority{certificate, key}, nil
}

// serves tells whether a certificate is as wanted, for a while to come.
func serves(held, wanted, authority *x509.Certificate) bool {
	return held != nil && held.CheckSignatureFrom(authority) == nil && time.Until(held.NotAfter) > soon &&
		held.Subject.String() == wanted.Subject.String() && slices.Equal(held.DNSNames, wanted.DNSNames) &&
		slices.EqualFunc(held.IPAddresses, wanted.IPAddresses, net.IP.Equal)
}

func template(commonName, organization string, names []string, addresses []net.IP) *x509.Certificate {
	subject := pkix.Name{CommonName: commonName}
	if organization != "" {
		subject.Organization = []string{organization}
	}
	return &x509.Certificate{
		Subject: subject, DNSNames: names, IPAddresses: addresses,
		// An hour ago, for machines whose clock is set back after the start.
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(lifetime),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
}

// issue signs a certificate with a new key; without an authority it signs itself.
func issue(wanted, authority *x509.Certificate, signer crypto.Signer) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if authority == nil {
		authority, signer = wanted, key
	}
	wanted.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, wanted, authority, key.Public(), signer)
	if err != nil {
		return nil, nil, err
	}
	made, err := x509.ParseCertificate(der)
	return made, key, err
}

func read(file string) *x509.Certificate {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil
	}
	return certificate
}

func readKey(file string) (*ecdsa.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key", file)
	}
	return x509.ParseECPrivateKey(block.Bytes)
}

// write stores a key before its certificate: a certificate that is there has its key.
func write(name string, certificate []byte, key *ecdsa.PrivateKey) error {
	if err := writeKey(name, key); err != nil {
		return err
	}
	return store(name+".crt", "CERTIFICATE", certificate, 0o644)
}

func writeKey(name string, key *ecdsa.PrivateKey) error {
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	if err := store(name+".pub", "PUBLIC KEY", public, 0o644); err != nil {
		return err
	}
	return store(name+".key", "EC PRIVATE KEY", private, 0o600)
}

func store(file, kind string, bytes []byte, mode fs.FileMode) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), mode)
}
