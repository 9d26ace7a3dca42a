// Gets a token with golang.org/x/oauth2/jwt as any program would, and prints it; or prints what the
// server said against it, and exits with status 1.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/jwt"
)

func main() {
	url := flag.String("url", "", "the token endpoint")
	id := flag.String("id", "", "the client id")
	keyFile := flag.String("key", "", "the private key, in PEM")
	keyID := flag.String("kid", "", "the key's id")
	subject := flag.String("sub", "", "the subject")
	scopes := flag.String("scope", "", "the scopes, with spaces between")
	life := flag.Duration("life", 0, "the assertion's life; 0: the library's own")
	flag.Parse()

	key, err := os.ReadFile(*keyFile)
	if err != nil {
		fail(err)
	}
	config := jwt.Config{
		Email:        *id,
		PrivateKey:   key,
		PrivateKeyID: *keyID,
		Subject:      *subject,
		Scopes:       strings.Fields(*scopes),
		TokenURL:     *url,
		Expires:      *life,
	}
	token, err := config.TokenSource(context.Background()).Token()
	if err != nil {
		fail(err)
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"access_token": token.AccessToken,
		"token_type":   token.TokenType,
		"scope":        token.Extra("scope"),
		"seconds_left": time.Until(token.Expiry).Seconds(),
	})
}

func fail(err error) {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		os.Stdout.Write(refused.Body)
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(1)
}
