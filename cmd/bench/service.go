package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// service is a running murshid.
type service struct {
	command *exec.Cmd
	url     string
	started time.Duration // until it was ready
}

// start runs the service on a data folder until it is ready.
func (b *bench) start(ctx context.Context, data string, environment ...string) (*service, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &service{url: "http://" + address}
	s.command = exec.CommandContext(ctx, b.binary, "serve", "--data", data, "--addr", address, "--rate-limit", "off")
	s.command.Env = append(os.Environ(), environment...)
	s.command.Cancel = func() error { return s.command.Process.Signal(syscall.SIGTERM) }
	log, err := os.Create(filepath.Join(b.folder, "service.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.command.Stdout, s.command.Stderr = log, log
	begin := time.Now()
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	for time.Since(begin) < 2*time.Minute && ctx.Err() == nil {
		if r, err := http.Get(s.url + "/readyz"); err == nil {
			ready := r.StatusCode == http.StatusOK
			if r.Body.Close(); ready {
				s.started = time.Since(begin)
				return s, nil
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	text, _ := os.ReadFile(log.Name()) // only to say more
	return nil, errors.Join(fmt.Errorf("the service does not get ready: %s", text), s.stop())
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (s *service) stop() error {
	if err := s.command.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return s.command.Wait()
}

// asked is what one question took.
type asked struct{ wall, embed, search float64 } // milliseconds

func (s *service) ask(client *http.Client, text string) (asked, error) {
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		return asked{}, err
	}
	begin := time.Now()
	r, err := client.Post(s.url+"/api/v1/ask", "application/json", bytes.NewReader(body))
	if err != nil {
		return asked{}, err
	}
	defer r.Body.Close()
	answer, err := io.ReadAll(r.Body)
	wall := time.Since(begin)
	if err != nil || r.StatusCode != http.StatusOK {
		return asked{}, fmt.Errorf("status %d: %s: %w", r.StatusCode, answer, err)
	}
	var result struct {
		Ms struct{ Embed, Search float64 } `json:"ms"`
	}
	if err := json.Unmarshal(answer, &result); err != nil {
		return asked{}, err
	}
	return asked{float64(wall.Microseconds()) / 1000, result.Ms.Embed, result.Ms.Search}, nil
}

// memory is the resident memory of the service in MB, without its PostgreSQL.
func (s *service) memory() (float64, error) {
	file, err := os.Open(filepath.Join("/proc", strconv.Itoa(s.command.Process.Pid), "status"))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.Fields(value)[0])
			return float64(kb) / 1024, err
		}
	}
	return 0, errors.New("no resident memory in /proc")
}
