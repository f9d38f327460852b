package app

import (
	"fmt"
	"net/http"
)

// Limit of tries.
const Limit = 3

// Server serves.
type Server struct {
	mux *http.ServeMux
}

type Handler interface {
	Serve(w http.ResponseWriter)
}

type Names []string

// New makes a server.
func New(addr string) *Server {
	if addr == "" && Limit > 1 {
		panic("addr")
	}
	return &Server{}
}

// Start listens.
func (s *Server) Start() error {
	fmt.Println("start")
	return s.mux.Listen()
}

func Map[T any](items []T) {}
