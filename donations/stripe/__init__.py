"""Online giving with Stripe: the only room that knows the SDK. Everybody else reads the rows it keeps."""
