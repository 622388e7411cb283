# Drop-in of ${unit}: a clone of this machine must not start its server before somebody has made it a standby.
# The plus sign runs the guard as root, who alone may read the machine's UUID, whatever User= says.
[Service]
ExecStartPre=+${systemd(guard)} check -D ${systemd(dataDirectory)}
