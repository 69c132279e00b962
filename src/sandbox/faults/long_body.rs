//! Response bodies that are longer than a client should accept: one that never ends, and one that is huge.
//!
//! Both begin with the true body and continue with blanks, which JSON allows. So they also catch a client that stops
//! reading where the JSON is complete. No body of that length is ever in memory.

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

static BLANKS: [u8; 1 << 16] = [b' '; 1 << 16];

/// The next frame, or `None` at the end of the body.
type FramePoll = Poll<Option<Result<Frame<Bytes>, Infallible>>>;

/// Makes a body that comes byte by byte, with a pause before each byte, and never ends. It has no known length.
pub(in crate::sandbox) fn trickle_body(body: Vec<u8>, pause: Duration) -> Body {
    Body::new(TrickleBody { body: body.into(), pause, next: Box::pin(sleep(pause)) })
}

/// Makes a body of this many mebibytes, but never shorter than the true body. Its length is known.
pub(in crate::sandbox) fn flood_body(body: Vec<u8>, mebibytes: u64) -> Body {
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
    Body::new(FloodBody { body: body.into(), blanks: (mebibytes << 20).saturating_sub(length) })
}

struct TrickleBody {
    body: Bytes,
    pause: Duration,
    next: Pin<Box<Sleep>>,
}

impl HttpBody for TrickleBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> FramePoll {
        ready!(self.next.as_mut().poll(context));
        let next = Instant::now() + self.pause;
        self.next.as_mut().reset(next);
        let byte = if self.body.is_empty() { Bytes::from_static(&BLANKS[..1]) } else { self.body.split_to(1) };
        Poll::Ready(Some(Ok(Frame::data(byte))))
    }
}

struct FloodBody {
    body: Bytes,
    blanks: u64,
}

impl HttpBody for FloodBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> FramePoll {
        let mut data = std::mem::take(&mut self.body);
        if data.is_empty() {
            let length = usize::try_from(self.blanks).unwrap_or(usize::MAX).min(BLANKS.len());
            data = Bytes::from_static(&BLANKS[..length]);
            self.blanks -= data.len() as u64;
        }
        Poll::Ready((!data.is_empty()).then(|| Ok(Frame::data(data))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.body.len() as u64 + self.blanks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, 3)]
    #[case(1, 1 << 20)]
    #[case(1024, 1 << 30)]
    fn a_flood_has_its_declared_length(#[case] mebibytes: u64, #[case] length: u64) {
        let mut body = flood_body(b"{ }".to_vec(), mebibytes);
        assert_eq!(body.size_hint().exact(), Some(length));
        let mut context = Context::from_waker(std::task::Waker::noop());
        let (mut came, mut first) = (0, None);
        while let Poll::Ready(Some(frame)) = Pin::new(&mut body).poll_frame(&mut context) {
            let data = frame.unwrap().into_data().unwrap();
            came += data.len() as u64;
            first.get_or_insert(data);
        }
        assert_eq!((came, first.as_deref()), (length, Some(b"{ }".as_slice())));
    }
}
