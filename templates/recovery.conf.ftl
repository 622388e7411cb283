# Makes this server a standby; read once at start.
<#list settings as name, value>
${name} = ${quote(value)}
</#list>
