package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"murshid/assistant"
	"murshid/channels/webchat"
	"murshid/language"
	"murshid/retrieval"
	"murshid/web"
)

const (
	drainTime = 20 * time.Second // for running answers at the end
	// A question older than that and unanswered was lost by a process that died. Where it was only slow, the work
	// is done twice and the first answer stays.
	retryAfter = 5 * time.Second
)

// serve runs the service until it is told to stop.
func serve(ctx context.Context, c *call) (err error) {
	if len(c.args) > 0 {
		return usagef("serve takes no arguments")
	}
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w: is another murshid running there? choose another --addr", c.Addr, cause(err))
	}
	defer listener.Close()
	in, err := openAnswers(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, in)
	if err := in.firstAccount(ctx, c.stdout); err != nil {
		return err
	}
	key, err := in.sessionKey()
	if err != nil {
		return err
	}
	s := in.newService(key)
	if err := s.warm(ctx); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "Murshid is ready.\n  portal  http://%s/\n  desk    http://%s/desk\nCtrl-C stops it.\n", listener.Addr(), listener.Addr())
	return s.run(ctx, listener)
}

// cause is the innermost error, which says it shortest.
func cause(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}

// service is the installation with everything that listens.
type service struct {
	*installation
	answerer *assistant.Assistant
	chat     *webchat.Chat
	web      *web.Server
}

func (in *installation) newService(key []byte) *service {
	s := &service{installation: in, answerer: in.assistant()}
	decider := language.Decider{Latin: language.NewLatin()}
	nameOf := func(text string) language.Language { return decider.Decide(text, "") }
	go nameOf("donde esta mi pasaporte") // loads the language models before the first question needs them
	metrics := web.NewMetrics()
	answer := metrics.Observed(s.answerer.Answer)
	s.chat = webchat.New(webchat.Options{Answer: answer, Log: in.db, Watch: in.db, Open: in.db.OpenConversation,
		Feedback: in.db.SaveFeedback, Language: nameOf, Origins: originsOf(in.EmbedOrigins), Slog: in.log, Limits: in.chatLimits()})
	metrics.Connections(s.chat.Connections)
	s.web = web.New(web.Options{Answer: answer, Messages: in.db.Messages, Index: in.retriever.Index, Language: nameOf,
		Ready: in.ready, Desk: in.db, Chat: s.chat, Key: key, Unlimited: !in.RateLimit, Metrics: metrics, Log: in.log,
		EmbedOrigins: originsOf(in.EmbedOrigins),
		Search: func(ctx context.Context, text string, k int) (web.SearchResult, error) {
			return in.search(ctx, decider, text, k)
		}})
	return s
}

// warm asks one question before anybody does, so that the first person does not wait for plans and pages.
func (s *service) warm(ctx context.Context) error {
	_, err := s.retriever.Search(ctx, "bghit njedded la carte", language.Arabizi, 1)
	if errors.Is(err, retrieval.ErrNotReady) { // no sheets yet: /readyz says so
		return nil
	}
	return err
}

func (in *installation) chatLimits() webchat.Limits {
	if in.RateLimit {
		return webchat.Limits{}
	}
	return webchat.Limits{PerMinute: -1}
}

// ready reports why the service cannot answer yet.
func (in *installation) ready(ctx context.Context) error {
	if x := in.retriever.Index(); x == nil || x.Len() == 0 {
		return errors.New("no sheets are loaded")
	}
	return in.db.Ping(ctx)
}

// run serves until the context ends, then lets running answers finish.
func (s *service) run(ctx context.Context, listener net.Listener) error {
	server := s.web.HTTP()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error { return s.db.Run(ctx) })
	if s.server != nil {
		group.Go(func() error { return s.server.Supervise(ctx, func() {}) })
	}
	group.Go(func() error { return s.followSheets(ctx) })
	group.Go(func() error { return s.answerPending(ctx) })
	group.Go(func() error { return s.purge(ctx) })
	group.Go(func() error {
		<-ctx.Done()
		return s.drain(server)
	})
	return group.Wait()
}

// drain closes the doors and waits for running answers.
func (s *service) drain(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	chat := make(chan error, 1)
	go func() { chat <- s.chat.Drain(ctx) }()
	err := server.Shutdown(ctx)
	return errors.Join(err, <-chat)
}

// followSheets builds the index anew when sheets change.
func (s *service) followSheets(ctx context.Context) error {
	cancel := s.db.WatchSheets(func() {
		if err := s.reindex(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("the sheets changed but cannot be read", "error", err)
		}
	})
	defer cancel()
	<-ctx.Done()
	return nil
}

// overdue is the age from which an unanswered question counts as lost. One that waits for a language model is not.
func (s *service) overdue() time.Duration {
	if s.composer == nil {
		return retryAfter
	}
	return retryAfter + modelPatience
}

// answerPending answers what a process that died left unanswered: once at the start and now and then after.
func (s *service) answerPending(ctx context.Context) error {
	for {
		pending, err := s.db.Unanswered(ctx, s.overdue())
		if err != nil && ctx.Err() == nil {
			s.log.Error("unanswered questions cannot be read", "error", err)
		}
		for _, p := range pending {
			if _, err := s.answerer.Resume(ctx, p.Question, p.Asked); err != nil && ctx.Err() == nil {
				s.log.Error("a question stays unanswered", "asked", p.At, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(retryAfter):
		}
	}
}
