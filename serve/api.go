package serve

import "net/http"

// tokenPrefix begins access tokens, so that they are recognised where they lie about.
const tokenPrefix = "bremen_"

func (s *Server) api() http.Handler { return http.NotFoundHandler() }
