"""What happens to money at Stripe: attempts to charge, fees, the balance."""
