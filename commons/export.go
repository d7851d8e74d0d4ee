package commons

import (
	"context"
	"errors"
	"io"
)

// Export writes all that is a person's own as a ZIP archive: what they stated, what was entered in their name, what they
// may read of the record, as JSON and CSV. Only they themselves may ask.
func (n *Network) Export(ctx context.Context, person int64, w io.Writer) error {
	return errors.New("export: not there yet")
}
